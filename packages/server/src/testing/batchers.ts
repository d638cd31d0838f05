import type { ClickHouseClient } from "@clickhouse/client";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type Batcher, type BatcherLimits, type BatcherOptions, createBatcher } from "../batcher/batcher.ts";
import { createInsertPaths } from "../store/insert-paths.ts";
import { logRecord } from "../store/testing/records.ts";
import { openTestStore, silentLog, type TestStore } from "../store/testing/store.ts";

/** How an insert fails, given what would do it. */
export type InsertFailure = (insert: () => Promise<unknown>) => Promise<never>;

/** Nobody answers. */
export const REFUSED: InsertFailure = () =>
  Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));

/** The engine has done what it was asked, and its answer does not arrive. */
export const ANSWER_LOST: InsertFailure = async (insert) => {
  await insert();
  return REFUSED(insert);
};

interface TestBatcherOptions extends Partial<Omit<BatcherOptions, "limits">> {
  /** @defaultValue room for whatever a test writes */
  readonly limits?: Partial<BatcherLimits>;
}

/** Batchers of a test file, on a store of its own. */
export interface TestBatchers {
  readonly store: TestStore;
  /** A batcher that is stopped after the test. */
  create(options?: TestBatcherOptions): Batcher;
  /** A client of the engine, each of whose inserts fails as `next` says; it succeeds when that says nothing. */
  failingClient(next: () => InsertFailure | undefined, client?: ClickHouseClient): ClickHouseClient;
  /** The engine is killed when it has noted the insert's token, and before the rows that `where` names are in the table. */
  lostBehindToken(where: string, table?: "otel_logs" | "otel_traces"): InsertFailure;
  /** What logs are stored, in the order of their ids. */
  bodies(): Promise<string[]>;
}

/** Room for whatever a test writes. In bytes. */
const PLENTY = 64 << 20;

/**
 * Opens a store for the tests of a file; after each, its batchers are stopped and its logs are gone.
 *
 * @param nodes of the store. @defaultValue what the project of the tests has
 * @example
 * const batchers = useBatchers();
 * it("stores", async () => {
 *   await batchers.create().writeLogs(logs("a"), 10, "jsonl");
 *   expect(await batchers.bodies()).toEqual(["a"]);
 * });
 */
export function useBatchers(nodes?: number): TestBatchers {
  let store: TestStore;
  const created: Batcher[] = [];
  beforeAll(async () => {
    store = await openTestStore(30, nodes);
  });
  afterAll(() => store.close());
  afterEach(async () => {
    for (const batcher of created.splice(0)) await batcher.stop();
    for (const table of ["otel_logs", "log_fields"]) await store.command(`TRUNCATE TABLE ${table}`);
  });
  return {
    get store() {
      return store;
    },
    create(options = {}) {
      const batcher = createBatcher({
        ...{ client: store.engine.client, log: silentLog },
        ...(options.client === undefined && pathsTo(store)),
        ...options,
        limits: { maxBytes: PLENTY, ...options.limits },
      });
      created.push(batcher);
      return batcher;
    },
    failingClient: (next, client = store.engine.client) => failing(client, next),
    lostBehindToken:
      (where, table = "otel_logs") =>
      async (insert) => {
        const answer = (await insert()) as { stream: AsyncIterable<unknown> };
        for await (const _ of answer.stream);
        await store.command(`DELETE FROM ${table} WHERE ${where}`);
        return REFUSED(insert);
      },
    async bodies() {
      const rows = await store.rows<{ Body: string }>("SELECT Body FROM otel_logs ORDER BY Id");
      return rows.map(({ Body }) => Body);
    },
  };
}

function failing(client: ClickHouseClient, next: () => InsertFailure | undefined): ClickHouseClient {
  return new Proxy(client, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (name !== "exec") return method;
      return (...parameters: unknown[]) => {
        const insert = async () => Reflect.apply(method, target, parameters);
        const failure = next();
        return failure === undefined ? insert() : failure(insert);
      };
    },
  });
}

/** On a cluster, to each node, as the server has it. */
function pathsTo({ engine, store }: TestStore): Pick<BatcherOptions, "paths"> {
  if (engine.cluster === null) return {};
  const { usable, recheck } = store.nodes;
  const paths = createInsertPaths({
    ...{ nodes: engine.nodes, usable, isReplicated: engine.cluster.isReplicated },
    recheck: async () => recheck(),
  });
  return { paths };
}

/** Log records with these bodies. */
export const logs = (...bodies: string[]) => bodies.map((body) => logRecord({ body }));

/** Has a store refuse logs whose body is `poison`, until the returned function is called. */
export async function refusePoison(store: TestStore): Promise<() => Promise<void>> {
  await store.command("ALTER TABLE otel_logs ADD CONSTRAINT no_poison CHECK Body != 'poison'");
  return () => store.command("ALTER TABLE otel_logs DROP CONSTRAINT no_poison");
}
