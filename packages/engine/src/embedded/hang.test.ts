import { afterEach, expect, test } from "vitest";
import type { EngineStatus } from "../engine.ts";
import { isUnavailable } from "../errors.ts";
import { ask, createEngines } from "../testing/engines.ts";
import { until } from "../testing/until.ts";
import type { EmbeddedEngine } from "./embedded.ts";
import { PULSE, type PulseTimes } from "./pulse.ts";

const engines = createEngines();
afterEach(engines.close);

/** Hung after so many looks that no test gets there. */
const PATIENT: PulseTimes = { period: 100, timeout: 500, away: 2, hung: 1_000 };

async function start(pulse: PulseTimes): Promise<{ engine: EmbeddedEngine; pid: number; states: string[] }> {
  const engine = await engines.start({ pulse });
  await engine.ready();
  const states: EngineStatus["state"][] = [];
  engine.onStatus(({ state }) => states.push(state));
  return { engine, pid: engine.status().pid ?? 0, states };
}

test("an engine that hangs is not ready, calls fail at once, and when it goes on so do they", async () => {
  const { engine, pid, states } = await start(PATIENT);
  process.kill(pid, "SIGSTOP");
  await until(() => engine.status().state === "restarting");
  expect(engine.status()).toMatchObject({
    pid,
    restarts: 0,
    error: { code: "POLYLOG_E_ENGINE_UNAVAILABLE", message: expect.stringContaining("has not answered") },
  });
  const refused = await ask(engine.client, "SELECT 1").catch((error: unknown) => error);
  expect(isUnavailable(refused)).toBe(true);
  process.kill(pid, "SIGCONT");
  await engine.ready();
  expect(await ask(engine.client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(engine.status()).toMatchObject({ pid, restarts: 0, error: null });
  expect(states).toEqual(["restarting", "ready"]);
});

test("a query under way outlives a pause of the engine", async () => {
  const { engine, pid } = await start(PATIENT);
  const slow = ask(engine.client, "SELECT sleep(1) AS slept");
  await until(async () => (await ask(engine.client, "SHOW PROCESSLIST")).length > 1);
  process.kill(pid, "SIGSTOP");
  await until(() => engine.status().state === "restarting");
  process.kill(pid, "SIGCONT");
  expect(await slow).toEqual([{ slept: 0 }]);
});

test("an engine that hangs for long is ended and started again, with its data", async () => {
  const { engine, pid, states } = await start({ ...PATIENT, timeout: 100, hung: 5 });
  await engine.client.command({ query: "CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n" });
  await engine.client.insert({ table: "kept", values: [{ n: 7 }], format: "JSONEachRow" });
  const reasons: (string | undefined)[] = [];
  engine.onStatus(({ error }) => reasons.push(error?.message));
  process.kill(pid, "SIGSTOP");
  const failed = ask(engine.client, "SELECT n FROM kept").catch((error: unknown) => error);
  await until(() => engine.status().restarts === 1);
  expect(isUnavailable(await failed)).toBe(true);
  await engine.ready();
  expect(await ask(engine.client, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  expect(engine.status().pid).not.toBe(pid);
  expect(states.at(-1)).toBe("ready");
  expect(reasons).toContainEqual(expect.stringContaining("was ended because it did not answer for 0.5 s"));
});

test("an engine that hangs is stopped all the same", async () => {
  const { engine, pid } = await start(PULSE);
  const slow = ask(engine.client, "SELECT sleep(3) AS slept").catch(() => "failed");
  await until(async () => (await ask(engine.client, "SHOW PROCESSLIST")).length > 1);
  process.kill(pid, "SIGSTOP");
  const before = performance.now();
  await engine.stop();
  expect(performance.now() - before).toBeLessThan(3_000);
  expect(() => process.kill(pid, 0)).toThrow();
  expect(await slow).toBe("failed");
});

test("an engine that is busy on all cores answers in time", async () => {
  const { engine, states } = await start({ ...PULSE, period: 50, away: 1 });
  const busy = Array.from({ length: 8 }, () =>
    ask(
      engine.viewer,
      "SELECT count() FROM numbers_mt(1000000000000) WHERE sipHash64(number) = 42 SETTINGS max_execution_time = 3",
    ).catch(() => "ended"),
  );
  expect(await Promise.all(busy)).toEqual(busy.map(() => "ended"));
  expect(states).toEqual([]);
});
