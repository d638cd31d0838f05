import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import type { EngineStatus } from "../engine.ts";
import { isUnavailable } from "../errors.ts";
import { ask, createEngines } from "../testing/engines.ts";
import { until } from "../testing/until.ts";

const engines = createEngines();
afterEach(engines.close);

test("it gets ready, knows its version and keeps what it is given", async () => {
  const engine = await engines.start();
  expect(engine.status()).toMatchObject({ kind: "embedded", state: "starting", version: null, pid: null });
  await engine.ready();
  expect(engine.status()).toMatchObject({ state: "ready", restarts: 0, error: null });
  expect(engine.status().version).toMatch(/^\d+\.\d+\.\d+/);
  await engine.client.command({ query: "CREATE TABLE numbers (n UInt64) ENGINE = MergeTree ORDER BY n" });
  await engine.client.insert({
    table: "numbers",
    values: [{ n: "18446744073709551615" }],
    format: "JSONEachRow",
  });
  expect(await ask(engine.viewer, "SELECT n FROM numbers")).toEqual([{ n: "18446744073709551615" }]);
  expect(await engine.client.ping()).toEqual({ success: true });
});

test("the time zone is UTC wherever the server stands", async () => {
  vi.stubEnv("TZ", "Asia/Tokyo");
  const engine = await engines.start();
  await engine.ready();
  expect(await ask(engine.client, "SELECT timezone() AS zone")).toEqual([{ zone: "UTC" }]);
  vi.unstubAllEnvs();
});

test("a table whose definition was lost is there again after a restart", async () => {
  const pulse = { period: 100, timeout: 5_000, away: 20, hung: 60 };
  const directory = await engines.directory();
  const engine = await engines.start({ pulse, directory });
  await engine.ready();
  await engine.client.command({ query: "CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n" });
  await engine.client.insert({ table: "kept", values: [{ n: 7 }], format: "JSONEachRow" });
  const query = "SELECT metadata_path AS path FROM system.tables WHERE name = 'kept'";
  const [row] = (await ask(engine.client, query)) as { path: string }[];
  const file = join(directory, "data", row?.path ?? "");
  // Kept by a second name.
  await expect.poll(async () => (await stat(file)).nlink).toBe(2);
  process.kill(engine.status().pid ?? 0, "SIGKILL");
  // As ClickHouse leaves it on a full disk.
  await rm(file);
  await writeFile(file, "");
  await until(() => engine.status().restarts > 0 && engine.status().state === "ready");
  expect(await ask(engine.client, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
});

test("a killed engine comes back by itself, with its data, behind the same clients", async () => {
  const engine = await engines.start();
  await engine.ready();
  const { client } = engine;
  await client.command({ query: "CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n" });
  await client.insert({ table: "kept", values: [{ n: 7 }], format: "JSONEachRow" });
  const states: EngineStatus["state"][] = [];
  engine.onStatus(({ state }) => states.push(state));
  const first = engine.status().pid ?? 0;
  process.kill(first, "SIGKILL");
  await until(() => engine.status().state === "restarting");
  expect(engine.status()).toMatchObject({ pid: null, error: { code: "POLYLOG_E_ENGINE_CRASHED" } });
  const refused = await ask(client, "SELECT n FROM kept").catch((error: unknown) => error);
  expect(isUnavailable(refused)).toBe(true);
  await engine.ready();
  expect(await ask(client, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  expect(states).toEqual(["restarting", "ready"]);
  expect(engine.status()).toMatchObject({ restarts: 1, error: null });
  expect(engine.status().pid).not.toBe(first);
});

test("a query that is under way when the engine is killed fails as one that may be repeated", async () => {
  const engine = await engines.start();
  await engine.ready();
  const slow = engine.client.command({
    query: "SELECT sleepEachRow(1) FROM numbers(60) SETTINGS max_block_size = 1",
  });
  const failed = slow.catch((error: unknown) => error);
  await until(async () => (await ask(engine.client, "SHOW PROCESSLIST")).length > 1);
  process.kill(engine.status().pid ?? 0, "SIGKILL");
  expect(isUnavailable(await failed)).toBe(true);
});

test("it moves to another port when its own is taken meanwhile", async () => {
  const engine = await engines.start();
  await engine.ready();
  const { url, server } = engine.endpoint()!;
  const port = Number(new URL(url).port);
  const thief = createServer((socket) => socket.destroy());
  process.kill(engine.status().pid ?? 0, "SIGKILL");
  await until(
    () =>
      new Promise<boolean>((resolve) => {
        thief.once("error", () => resolve(false));
        thief.listen(port, "127.0.0.1", () => resolve(true));
      }),
  );
  try {
    await until(() => engine.status().state !== "ready");
    await engine.ready();
    expect(engine.endpoint()?.url).not.toBe(url);
    // Whoever took the port was told the old ones.
    expect(engine.endpoint()?.server.password).not.toBe(server.password);
    expect(await ask(engine.client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  } finally {
    thief.close();
  }
});

test("a query is cancelled when its asker leaves", async () => {
  const engine = await engines.start();
  await engine.ready();
  const leaving = new AbortController();
  const query = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 42";
  const asked = engine.viewer.ask({ query }, leaving.signal).catch(() => "left");
  const running = () =>
    ask(
      engine.client,
      "SELECT query_id FROM system.processes WHERE query LIKE '%sipHash64(number)%' AND user = 'polylog_viewer'",
    );
  await until(async () => (await running()).length === 1);
  leaving.abort();
  expect(await asked).toBe("left");
  await until(async () => (await running()).length === 0);
});

test("stopping is quick, also under load, and may be repeated", async () => {
  const engine = await engines.start();
  await engine.ready();
  const pid = engine.status().pid ?? 0;
  const slow = ask(
    engine.client,
    "SELECT sleepEachRow(1) FROM numbers(60) SETTINGS max_block_size = 1",
  ).catch(() => []);
  await until(async () => (await ask(engine.client, "SHOW PROCESSLIST")).length > 1);
  const before = performance.now();
  await Promise.all([engine.stop(), engine.stop()]);
  await engine.stop();
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(engine.status()).toMatchObject({ state: "stopped", pid: null });
  expect(() => process.kill(pid, 0)).toThrow();
  await slow;
  await expect(engine.ready()).rejects.toMatchObject({ code: "POLYLOG_E_ENGINE_STOPPED" });
  await expect(ask(engine.client, "SELECT 1")).rejects.toMatchObject({ code: "POLYLOG_E_ENGINE_STOPPED" });
});

test("an idle engine ends in an orderly way, not by force", async () => {
  const engine = await engines.start();
  await engine.ready();
  await Promise.all([ask(engine.client, "SELECT 1"), ask(engine.viewer, "SELECT 1")]);
  const before = performance.now();
  await engine.stop();
  // By force comes after 1 s.
  expect(performance.now() - before).toBeLessThan(900);
});

test("it can be stopped while it starts", async () => {
  const directory = await engines.directory();
  const engine = await engines.start({ directory });
  await until(() => stat(join(directory, "config", "config.xml")).catch(() => null));
  await engine.stop();
  expect(engine.status()).toMatchObject({ state: "stopped", pid: null });
  const again = await engines.start({ directory });
  await again.ready();
});

/** Bytes that a process has in memory, on Linux. */
async function residentMemory(pid: number | null): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

test.runIf(process.platform === "linux")("an idle engine takes under 150 MB, and still answers", async () => {
  const engine = await engines.start();
  await engine.ready();
  await until(async () => (await residentMemory(engine.status().pid)) < 150_000_000, 30_000);
  expect(await ask(engine.client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("what a query says stays out of the log", async () => {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const engine = await engines.start({ log: { debug: note, info: note, warn: note, error: note } });
  await engine.ready();
  await expect(ask(engine.client, "SELECT secret_word FROM nowhere")).rejects.toThrow();
  await engine.stop();
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join("\n")).not.toContain("secret_word");
});
