import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of JSON. */
  readonly body: unknown;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** `hang` never answers, `die` breaks the connection. */
export type ScriptedAnswer =
  | "hang"
  | "die"
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      /** Milliseconds before it. @defaultValue 0 */
      readonly delay?: number;
    };

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  stop(): Promise<void>;
}

/** An HTTP server that answers as it is told: the first request with the first answer, the last one for all others. */
export async function startScriptedServer(...answers: readonly ScriptedAnswer[]): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const bytes = await buffer(request);
    const isPacked = request.headers["content-encoding"] === "gzip";
    requests.push({
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: JSON.parse((isPacked ? gunzipSync(bytes) : bytes).toString()),
      time: Date.now(),
    });
    const answer = answers[Math.min(requests.length, answers.length) - 1] ?? { status: 200 };
    if (answer === "hang") return;
    if (answer === "die") {
      request.socket.destroy();
      return;
    }
    if (answer.delay !== undefined) await setTimeout(answer.delay);
    response.writeHead(answer.status, answer.headers).end(answer.body ?? "{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async stop() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
