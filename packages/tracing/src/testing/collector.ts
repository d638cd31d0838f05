import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import { decodeJsonTraces } from "../../../server/src/receivers/otlp/json/traces.ts";
import { decodeTraces } from "../../../server/src/receivers/otlp/protobuf/traces.ts";
import type { SpanRecord } from "../../../server/src/record/record.ts";

/** A collector that keeps what it is sent; decoded as Polylog's server does it. */
export interface Collector {
  readonly endpoint: string;
  readonly spans: SpanRecord[];
  /** `POST /v1/traces application/json`, or the gRPC method. */
  readonly requests: string[];
  readonly headers: Readonly<Record<string, string | undefined>>[];
  close(): Promise<void>;
}

/** What a collector shows to its clients, and asks of them as well. */
export interface CollectorTls {
  readonly cert: string;
  readonly key: string;
}

/** @param port 0 for any; the same again for a collector that comes back */
export async function startHttpCollector(port = 0, tls?: CollectorTls): Promise<Collector> {
  const spans: SpanRecord[] = [];
  const requests: string[] = [];
  const headers: Record<string, string | undefined>[] = [];
  const answer: RequestListener = async (request, response) => {
    const type = request.headers["content-type"] ?? "";
    const body = await bytesOf(request);
    requests.push(`${request.method} ${request.url} ${type}`);
    headers.push(request.headers as Record<string, string>);
    if (request.url?.startsWith("/v1/traces")) {
      const decode = type === "application/json" ? decodeJsonTraces : decodeTraces;
      spans.push(...decode(body, 0n).records);
    }
    response.writeHead(200, { "content-type": type }).end();
  };
  const server =
    tls === undefined
      ? createServer(answer)
      : createTlsServer({ ...tls, ca: tls.cert, requestCert: true }, answer);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    endpoint: `${schemeOf(tls)}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    headers,
    close: () => closeHttp(server),
  };
}

export async function startGrpcCollector(port = 0, tls?: CollectorTls): Promise<Collector> {
  const spans: SpanRecord[] = [];
  const requests: string[] = [];
  const headers: Record<string, string | undefined>[] = [];
  const server = new GrpcServer();
  const bytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value };
  const method = (path: string) => ({
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes.serialize,
    requestDeserialize: bytes.deserialize,
    responseSerialize: bytes.serialize,
    responseDeserialize: bytes.deserialize,
  });
  const service = (signal: string, name: string) =>
    server.addService(
      { Export: method(`/opentelemetry.proto.collector.${signal}.v1.${name}/Export`) },
      {
        Export(
          call: { request: Buffer; metadata: { getMap(): object } },
          done: (e: null, b: Buffer) => void,
        ) {
          requests.push(name);
          headers.push(call.metadata.getMap() as Record<string, string>);
          if (signal === "trace") spans.push(...decodeTraces(call.request, 0n).records);
          done(null, Buffer.alloc(0));
        },
      },
    );
  service("trace", "TraceService");
  service("metrics", "MetricsService");
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentialsOf(tls), (error, taken) =>
      error === null ? resolve(taken) : reject(error),
    );
  });
  return {
    endpoint: `${schemeOf(tls)}://127.0.0.1:${bound}`,
    spans,
    requests,
    headers,
    close: async () => server.forceShutdown(),
  };
}

const schemeOf = (tls: CollectorTls | undefined) => (tls === undefined ? "http" : "https");

function credentialsOf(tls: CollectorTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const [cert, key] = [Buffer.from(tls.cert), Buffer.from(tls.key)];
  return ServerCredentials.createSsl(cert, [{ cert_chain: cert, private_key: key }], true);
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
}

function closeHttp(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
