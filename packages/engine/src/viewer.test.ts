import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { isUnavailable } from "./errors.ts";
import { stableViewer } from "./stable-client.ts";
import { connectViewer, type ViewerConnections } from "./viewer.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A viewer of something that answers as ClickHouse might. */
async function viewerOf(answer: RequestListener): Promise<ViewerConnections> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const viewer = connectViewer({
    url: `http://127.0.0.1:${port}`,
    username: "me",
    password: "secret",
    database: "odd `name",
    idleSocketTtl: 5_000,
  });
  closing.push(() => {
    viewer.close();
    server.closeAllConnections();
    server.close();
  });
  return viewer;
}

test("questions one after the other take one connection", async () => {
  const ports = new Set<number | undefined>();
  const viewer = await viewerOf((request, response) => {
    ports.add(request.socket.remotePort);
    request.resume().on("end", () => response.end("1\n"));
  });
  for (let i = 0; i < 3; i++) expect(String(await viewer.ask({ query: "SELECT 1" }))).toBe("1\n");
  expect(ports.size).toBe(1);
});

test("settings and parameters go into the address, the statement into the body", async () => {
  const viewer = await viewerOf(async (request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://localhost");
    let body = "";
    for await (const chunk of request) body += chunk;
    response.end(JSON.stringify({ ...Object.fromEntries(searchParams), body }));
  });
  const answer = await viewer.ask({
    query: "SELECT {word:String}",
    parameters: { word: "a & b=\tc", ids: [1n, 2n] },
    settings: { max_threads: 2, use_uncompressed_cache: 1 },
  });
  expect(JSON.parse(answer.toString())).toMatchObject({
    database: "odd `name",
    wait_end_of_query: "1",
    max_threads: "2",
    use_uncompressed_cache: "1",
    param_word: "a & b=\\tc",
    param_ids: "[1,2]",
    body: "SELECT {word:String}",
  });
});

test("an answer that is too large is not taken", async () => {
  const viewer = await viewerOf((_, response) => response.end("x".repeat(100_000)));
  await expect(viewer.ask({ query: "SELECT 1", maxBytes: 99_999 })).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_ANSWER_TOO_LARGE",
  });
  expect(await viewer.ask({ query: "SELECT 1", maxBytes: 100_000 })).toHaveLength(100_000);
});

test("a connection that breaks in an answer is an engine that is away, also for those who are told of it", async () => {
  const viewer = await viewerOf((_, response) => {
    response.writeHead(200, { "Content-Length": "10" });
    response.write("half");
    setImmediate(() => response.destroy());
  });
  const told: unknown[] = [];
  const stable = stableViewer({ current: () => viewer, onConnectionError: (client) => told.push(client) });
  const failed = await stable.ask({ query: "SELECT 1" }).catch((error: unknown) => error);
  expect(isUnavailable(failed)).toBe(true);
  expect(told).toEqual([viewer]);
});

test("an asker who leaves closes the connection", async () => {
  const leaving = new AbortController();
  const closed = new Promise<void>((resolve) => {
    void viewerOf((request) => {
      request.socket.on("close", () => resolve());
      leaving.abort(new Error("left"));
    }).then((viewer) => expect(viewer.ask({ query: "SELECT 1" }, leaving.signal)).rejects.toThrow("left"));
  });
  await closed;
});
