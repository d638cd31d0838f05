import type { ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { openTestStore, silentLog, type TestStore } from "../testing/store.ts";
import { createFanIn } from "./fan-in.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

let counts = { batches: 0, rows: 0 };
let hasRoom = async (): Promise<boolean> => true;
beforeEach(() => {
  hasRoom = async () => true;
  counts = { batches: 0, rows: 0 };
});

function fanIn(
  client = test.engine.nodes[0]!.client,
  signal = new AbortController().signal,
): () => Promise<void> {
  const tables = ["otel_logs", "log_fields"];
  const look = createFanIn({ client, tables, hasRoom, inserts: () => counts, log: silentLog });
  return () => look(signal);
}

function insert(batches: number, rows: number): void {
  counts = { batches: counts.batches + batches, rows: counts.rows + batches * rows };
}

/** What the tables say of it themselves: nothing while the engine chooses. */
async function settings(): Promise<string[]> {
  const answer = await test.engine.nodes[0]!.client.query({
    query:
      "SELECT extract(engine_full, 'min_parts_to_merge_at_once = (\\\\d+)') AS least FROM system.tables WHERE database = currentDatabase() AND name IN ('otel_logs', 'log_fields')",
    format: "JSONEachRow",
  });
  return (await answer.json<{ least: string }>()).map(({ least }) => least);
}

it("makes merges wait for more parts the more comes in, and leaves them to the engine afterwards", async () => {
  const look = fanIn();
  await look();
  expect(await settings()).toEqual(["", ""]);
  insert(10, 4000);
  await look();
  expect(await settings()).toEqual(["16", "16"]);
  insert(40, 40_000);
  await look();
  expect(await settings()).toEqual(["10000", "10000"]);
  insert(300, 40_000);
  await look();
  expect(await settings()).toEqual(["64", "64"]);
  for (let second = 0; second < 5; second++) await look();
  expect(await settings()).toEqual(["", ""]);
});

it("puts right at the first look what a killed server has left", async () => {
  insert(10, 40_000);
  const killed = fanIn();
  await killed();
  insert(10, 40_000);
  await killed();
  expect(await settings()).toEqual(["10000", "10000"]);
  await fanIn()();
  expect(await settings()).toEqual(["", ""]);
});

it("tries again when the engine was away", async () => {
  const { client } = test.engine.nodes[0]!;
  let isAway = true;
  const flaky = Object.assign(Object.create(client), {
    command: (parameters: Parameters<typeof client.command>[0]) =>
      isAway ? Promise.reject(new Error("away")) : client.command(parameters),
  }) as typeof client;
  const look = fanIn(flaky);
  await look();
  insert(10, 4000);
  await look();
  expect(await settings()).toEqual(["", ""]);
  isAway = false;
  await look();
  expect(await settings()).toEqual(["16", "16"]);
});

it("changes nothing while the disk is full", async () => {
  hasRoom = async () => false;
  let asked = 0;
  const client = { command: async () => asked++ } as unknown as ClickHouseClient;
  await fanIn(client)();
  expect(asked).toBe(0);
});

it("ends when it is told to while the engine does not answer", async () => {
  const stopping = new AbortController();
  const silent = {
    command: ({ abort_signal: signal }: { abort_signal?: AbortSignal }) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  } as unknown as ClickHouseClient;
  const isAsked = vi.spyOn(silent, "command");
  const looked = fanIn(silent, stopping.signal)();
  await vi.waitFor(() => expect(isAsked).toHaveBeenCalled());
  stopping.abort();
  await expect(looked).resolves.toBeUndefined();
});
