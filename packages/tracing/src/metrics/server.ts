import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { TracingError } from "../errors.ts";
import type { PullReader } from "./pull-reader.ts";

/** A server of metrics for Prometheus to fetch. */
export interface MetricsServer {
  readonly host: string;
  /** The port that it listens on, also when 0 was asked for. */
  readonly port: number;
  /** Where the metrics are: `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Prometheus' text format. */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const servers = new WeakSet<object>();

/** True for a request to one of these servers: being looked at every few seconds is no trace. */
export function isForMetrics(request: IncomingMessage): boolean {
  const { server } = request.socket as { server?: object };
  return server !== undefined && servers.has(server);
}

/**
 * Serves `GET /metrics`. The server doesn't keep the process from ending.
 *
 * @throws TracingError `POLYLOG_E_METRICS_SERVER` when it can't listen there
 */
export async function serveMetrics(reader: PullReader, port: number, host: string): Promise<MetricsServer> {
  const server = createServer(async (request, response) => {
    if (request.url?.split("?")[0] !== "/metrics") {
      response.writeHead(404, { "content-type": "text/plain" }).end("metrics are at /metrics\n");
      return;
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    try {
      const text = await reader.text();
      response.writeHead(200, { "content-type": CONTENT_TYPE }).end(text);
    } catch (error) {
      response.writeHead(500, { "content-type": "text/plain" }).end(`${error}\n`);
    }
  });
  servers.add(server);
  await listen(server, port, host);
  server.unref();
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  const close = () => closeServer(server);
  return {
    host: address.address,
    port: address.port,
    url: `http://${name}:${address.port}/metrics`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === "EADDRINUSE" ? "it is taken: give another port, or 0 for any" : error.message;
      reject(
        new TracingError(
          "POLYLOG_E_METRICS_SERVER",
          `metrics can't be served on ${host}:${port}: ${reason}`,
          {
            cause: error,
          },
        ),
      );
    };
    server.once("error", refuse);
    // A connection that can't be taken in, for want of descriptors, is no reason for an application to end.
    server.on("error", () => {});
    try {
      server.listen(port, host, resolve);
    } catch (error) {
      // What is no port at all.
      refuse(error as NodeJS.ErrnoException);
    }
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Closing twice is no mistake.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
