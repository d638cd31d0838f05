import type { Engine } from "@polylog/engine";
import Fastify, { type FastifyInstance } from "fastify";
import type { z } from "zod";
import { API_PREFIX, type Problem } from "../../contract/index.ts";
import type { LogRecord, SpanRecord } from "../../record/record.ts";
import type { Encoder } from "../../store/encode/encoder.ts";
import { createLogEncoder } from "../../store/encode/logs.ts";
import { createSpanEncoder } from "../../store/encode/spans.ts";
import { ID_STEP, idAt } from "../../store/id.ts";
import { insertRecords } from "../../store/testing/insert.ts";
import { openTestStore, silentLog } from "../../store/testing/store.ts";
import { registerApi } from "../api.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { NO_BACKUPS } from "./no-backups.ts";
import { noIntake } from "./no-intake.ts";

/** The time that the API under test takes for now. */
export const NOW = Date.parse("2026-11-20T12:00:00.000Z");

/** Nanoseconds since 1970 of a moment so many milliseconds before {@link NOW}. */
export function before(milliseconds: number, nanoseconds = 0n): bigint {
  return BigInt(NOW - milliseconds) * 1_000_000n + nanoseconds;
}

interface TestAnswer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The API on a store of its own. */
export interface TestApi {
  readonly app: FastifyInstance;
  readonly engine: Engine;
  /** The same API again, on the same store, with something different. */
  another(different: Partial<ApiDependencies>): Promise<FastifyInstance>;
  /** Stores records, numbered as if they came in at `at`, and tells the API of the commit. Answers the first id. */
  insertLogs(records: readonly LogRecord[], at?: number): Promise<bigint>;
  insertSpans(records: readonly SpanRecord[]): Promise<void>;
  /** Asks for `/api/v1` + path; the good answer must be of the schema, to the last field. */
  get<Schema extends z.ZodObject>(path: string, schema: Schema): Promise<z.output<Schema>>;
  /** The same for what must be refused. */
  refused(path: string): Promise<TestAnswer<Problem>>;
  close(): Promise<void>;
}

export async function startTestApi(): Promise<TestApi> {
  const { engine, store, close } = await openTestStore();
  const listeners = new Set<() => void>();
  const apps: FastifyInstance[] = [];

  async function another(different: Partial<ApiDependencies>): Promise<FastifyInstance> {
    const app = Fastify({ routerOptions: { maxParamLength: 512 }, forceCloseConnections: true });
    apps.push(app);
    await registerApi(app, {
      engine,
      log: silentLog,
      limits: { timeout: 20_000, memory: 500e6, rows: 1e9 },
      onCommit(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      version: "1.2.3",
      startedAt: NOW - 60_000,
      retention: { days: 30, rules: [], maxBytes: null },
      endpoints: () => ({ http: "http://127.0.0.1:4318", grpc: null }),
      backups: NO_BACKUPS,
      intake: noIntake,
      maxQueuedBytes: 1e6,
      storeSize: store.size,
      nodes: store.nodes,
      clock: () => NOW,
      ...different,
    });
    return app;
  }
  const app = await another({});
  let inserts = 0;

  async function insert<T>(encoder: Encoder<T>, records: readonly T[], at: number): Promise<bigint> {
    const firstId = idAt(at) + BigInt(++inserts) * 100_000n * ID_STEP;
    await insertRecords(engine, encoder, records, { token: `test ${inserts}`, firstId, now: at });
    return firstId;
  }

  return {
    app,
    engine,
    another,
    async insertLogs(records, at = NOW) {
      const firstId = await insert(createLogEncoder(), records, at);
      for (const listener of listeners) listener();
      return firstId;
    },
    async insertSpans(records) {
      await insert(createSpanEncoder(), records, NOW);
    },
    async get(path, schema) {
      const response = await app.inject({ url: API_PREFIX + path });
      if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${response.body}`);
      schema.strict().parse(response.json());
      // Zod leaves out an attribute that is named `__proto__`: what came is what is answered.
      return response.json();
    },
    async refused(path) {
      const response = await app.inject({ url: API_PREFIX + path });
      return { status: response.statusCode, body: response.json(), headers: response.headers };
    },
    async close() {
      await Promise.all(apps.map((one) => one.close()));
      await close();
    },
  };
}
