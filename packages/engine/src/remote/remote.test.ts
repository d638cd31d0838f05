import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { EmbeddedEngine, Endpoint } from "../embedded/embedded.ts";
import type { Engine } from "../engine.ts";
import { isUnavailable } from "../errors.ts";
import { ask, createEngines } from "../testing/engines.ts";
import { until } from "../testing/until.ts";
import { connectRemoteEngine, type RemoteEngineOptions } from "./remote.ts";

/** Embedded engines play the servers that somebody else runs. */
const servers = createEngines();
const engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  await servers.close();
});

async function startServer(): Promise<EmbeddedEngine & { at: Endpoint }> {
  const server = await servers.start();
  await server.ready();
  return { ...server, at: server.endpoint()! };
}

function connect(options: RemoteEngineOptions): Engine {
  const engine = connectRemoteEngine(options);
  engines.push(engine);
  return engine;
}

test("it connects to a server, as two users", async () => {
  const server = await startServer();
  const { url, viewer } = server.at;
  const engine = connect({ urls: [url], ...server.at.server, viewer });
  await engine.ready();
  expect(engine.status()).toEqual({ ...server.status(), kind: "remote", pid: null });
  expect(await ask(engine.client, "SELECT currentUser() AS user, 18446744073709551615 AS big")).toEqual([
    { user: "polylog", big: "18446744073709551615" },
  ]);
  expect(await ask(engine.viewer, "SELECT currentUser() AS user")).toEqual([{ user: "polylog_viewer" }]);
  await engine.stop();
  expect(engine.status().state).toBe("stopped");
  await expect(ask(engine.client, "SELECT 1")).rejects.toMatchObject({ code: "POLYLOG_E_ENGINE_STOPPED" });
});

test("it creates the database where it may", async () => {
  const server = await startServer();
  const engine = connect({ urls: [server.at.url], ...server.at.server, database: "odd `name" });
  await engine.ready();
  expect(await ask(engine.client, "SELECT currentDatabase() AS name")).toEqual([{ name: "odd `name" }]);
});

test("it says so where it may not create the database", async () => {
  const server = await startServer();
  const engine = connect({ urls: [server.at.url], ...server.at.viewer, database: "missing" });
  await expect(engine.ready()).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_REFUSED",
    message: expect.stringContaining('no database "missing"'),
    remedy: expect.stringContaining("CREATE DATABASE `missing`"),
  });
});

test("without a viewer of its own, the server's user asks read-only", async () => {
  const server = await startServer();
  const engine = connect({ urls: [server.at.url], ...server.at.server });
  await engine.ready();
  expect(await ask(engine.viewer, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  for (const query of ["CREATE TABLE t (n UInt8) ENGINE = Memory", "SELECT 1 SETTINGS readonly = 0"]) {
    await expect(engine.viewer.ask({ query })).rejects.toMatchObject({ type: "READONLY" });
  }
});

/** A ClickHouse that knows nobody: ours answers a wrong login before ClickHouse sees it. */
async function startRefusing(): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) => {
    response.writeHead(403, { "X-ClickHouse-Exception-Code": "516" });
    response.end(
      "Code: 516. DB::Exception: me: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)",
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

test("a wrong password is final, and not repeated in the error", async () => {
  const server = await startRefusing();
  const engine = connect({ urls: [server.url], username: "me", password: "hunter2" });
  const error: Error = await engine.ready().then(
    () => new Error("ready"),
    (cause: Error) => cause,
  );
  expect(error).toMatchObject({
    code: "POLYLOG_E_ENGINE_CREDENTIALS",
    message: expect.stringContaining('"me"'),
  });
  expect(error.message).not.toContain("hunter2");
  expect(engine.status().state).toBe("failed");
  server.close();
});

test("it waits for a server that isn't there yet", async () => {
  const server = await startServer();
  const { url, server: login, viewer } = server.at;
  process.kill(server.status().pid ?? 0, "SIGSTOP");
  process.kill(server.status().pid ?? 0, "SIGKILL");
  const engine = connect({ urls: [url], ...login, viewer });
  await engine.ready();
  expect(await ask(engine.client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("it says whom it waits for", async () => {
  const server = await startServer();
  await server.stop();
  const engine = connect({ urls: [server.at.url], ...server.at.server });
  await expect(engine.ready(300)).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_UNAVAILABLE",
    message: expect.stringContaining(server.at.url),
  });
  expect(engine.status().state).toBe("starting");
});

test("a server that goes away and comes back is a change of status", async () => {
  const server = await startServer();
  const engine = connect({ urls: [server.at.url], ...server.at.server, viewer: server.at.viewer });
  await engine.ready();
  const states: string[] = [];
  engine.onStatus(({ state }) => states.push(state));
  process.kill(server.status().pid ?? 0, "SIGKILL");
  const failed = await until(() =>
    ask(engine.client, "SELECT 1").then(
      () => null,
      (error: unknown) => error,
    ),
  );
  expect(isUnavailable(failed)).toBe(true);
  await until(() => states.includes("restarting"));
  await engine.ready();
  expect(await ask(engine.client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(states.filter((state, i) => state !== states[i - 1])).toEqual(["restarting", "ready"]);
});
