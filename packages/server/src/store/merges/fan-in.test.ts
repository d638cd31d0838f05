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
  const tables = [
    { name: "otel_logs", indexes: ["idx_attribute_keys", "idx_body"] },
    { name: "log_fields", indexes: [] },
  ];
  const look = createFanIn({ client, tables, hasRoom, inserts: () => counts, log: silentLog });
  return () => look(signal);
}

function insert(batches: number, rows: number): void {
  counts = { batches: counts.batches + batches, rows: counts.rows + batches * rows };
}

/** An engine that does as it is told, and has never been told anything before. */
function fakeClient(command: (parameters: { query: string; abort_signal?: AbortSignal }) => unknown) {
  const query = async () => ({ json: async () => [] });
  return { command, query } as unknown as ClickHouseClient;
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

it("leaves the large indexes out of the merges of a flood, and has them built a minute after it", async () => {
  const asked: string[] = [];
  const client = fakeClient(async ({ query }) => asked.push(query));
  const look = fanIn(client);
  await look();
  for (const [batches, rows] of [
    [10, 40_000],
    [700, 40_000],
  ] as const) {
    insert(batches, rows);
    await look();
  }
  expect(asked.at(-2)).toContain(
    "exclude_materialize_skip_indexes_on_merge = 'idx_attribute_keys, idx_body'",
  );
  asked.length = 0;
  for (let second = 0; second < 200; second++) {
    // Small ones go on.
    insert(1, 10);
    await look();
  }
  expect(asked.filter((query) => query.includes("MATERIALIZE INDEX"))).toEqual([
    "ALTER TABLE otel_logs MATERIALIZE INDEX idx_attribute_keys, MATERIALIZE INDEX idx_body",
  ]);
  expect(asked.findLast((query) => query.includes("otel_logs"))).toContain(
    "(RESET SETTING exclude_materialize_skip_indexes_on_merge)",
  );
  asked.length = 0;
  for (let second = 0; second < 100; second++) {
    insert(1, 10);
    await look();
  }
  expect(asked).toEqual([]);
});

it("builds an index for the parts that lack it, and for no other", async () => {
  const { client } = test.engine.nodes[0]!;
  const bytesOf = async (): Promise<number> => {
    const [row] = await test.rows<{ bytes: string }>(
      "SELECT sum(data_compressed_bytes) AS bytes FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'otel_logs' AND name = 'idx_body'",
    );
    return Number(row?.bytes);
  };
  await test.command(
    "ALTER TABLE otel_logs MODIFY SETTING exclude_materialize_skip_indexes_on_merge = 'idx_body'",
  );
  await client.insert({
    table: "otel_logs",
    values: [{ Body: "hello" }],
    format: "JSONEachRow",
    clickhouse_settings: { exclude_materialize_skip_indexes_on_insert: "idx_body" },
  });
  await client.command({ query: "OPTIMIZE TABLE otel_logs FINAL" });
  expect(await bytesOf()).toBe(0);
  await client.command({
    query: "ALTER TABLE otel_logs MATERIALIZE INDEX idx_body",
    clickhouse_settings: { mutations_sync: "2" },
  });
  expect(await bytesOf()).toBeGreaterThan(0);
  await test.command("ALTER TABLE otel_logs RESET SETTING exclude_materialize_skip_indexes_on_merge");
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

it.each<[when: string, lookAfterIt: number]>([
  ["in its midst", 0],
  ["within the minute after it", 20],
])("builds the indexes that a killed server's flood has left out: killed %s", async (_, lookAfterIt) => {
  const { client } = test.engine.nodes[0]!;
  const asked: string[] = [];
  const listening = Object.assign(Object.create(client), {
    command: (parameters: Parameters<typeof client.command>[0]) => {
      asked.push(parameters.query);
      return client.command(parameters);
    },
  }) as typeof client;
  const built = () => asked.filter((query) => query.includes("MATERIALIZE INDEX"));
  const restarted = async (): Promise<void> => {
    const look = fanIn(listening);
    for (let second = 0; second < 70; second++) await look();
  };
  // Of the tests before.
  await restarted();
  asked.length = 0;
  await restarted();
  expect(built()).toEqual([]);
  const killed = fanIn();
  await killed();
  insert(700, 40_000);
  await killed();
  for (let second = 0; second < lookAfterIt; second++) await killed();
  await restarted();
  expect(built()).toHaveLength(1);
  await restarted();
  expect(built()).toHaveLength(1);
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
  const client = fakeClient(async () => asked++);
  await fanIn(client)();
  expect(asked).toBe(0);
});

it("ends when it is told to while the engine does not answer", async () => {
  const stopping = new AbortController();
  const silent = fakeClient(
    ({ abort_signal: signal }) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  );
  const isAsked = vi.spyOn(silent, "command");
  const looked = fanIn(silent, stopping.signal)();
  await vi.waitFor(() => expect(isAsked).toHaveBeenCalled());
  stopping.abort();
  await expect(looked).resolves.toBeUndefined();
});
