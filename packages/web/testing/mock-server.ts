import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { makeLogs } from "./generate.ts";
import { answer, type MockState } from "./mock-api.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export interface MockServer {
  readonly address: string;
  readonly state: MockState;
  readonly close: () => Promise<void>;
}

/** The built pages and an API with generated records, on a port of its own. For tests and for looking at the pages. */
export async function startMock(options: {
  records: number;
  span: number;
  port?: number;
}): Promise<MockServer> {
  const dist = fileURLToPath(new URL("../../server/pages/", import.meta.url));
  const state: MockState = {
    made: makeLogs(options.records, Date.now() - 1000, options.span),
    isAway: false,
    isStoreAway: false,
    refusal: undefined,
    delay: 0,
    tailRate: 20,
    tailSampling: 1,
    asked: [],
  };
  const server = createServer((request, response) => {
    void (async () => {
      if (await answer(state, request, response)) return;
      const path = normalize(new URL(request.url ?? "/", "http://mock").pathname);
      const file = extname(path) === "" ? "/index.html" : path;
      try {
        const body = await readFile(join(dist, file));
        response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
        response.end(body);
      } catch {
        response.writeHead(404).end();
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    state,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
