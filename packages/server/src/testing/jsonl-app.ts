import type { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeEach, describe } from "vitest";
import { createDecoding, type Decoding } from "../decoding/threads.ts";
import { createApp } from "../http/app.ts";
import type { BodyMemory } from "../intake/body-memory.ts";
import { registerJsonl } from "../receivers/jsonl/receiver.ts";
import type { LogRecord } from "../record/record.ts";
import { silentLog } from "../store/testing/store.ts";
import { type CapturingIntake, type Counts, capturingIntake, receiverContext } from "./capturing-intake.ts";

/** A server with JSON lines and nothing else, and what it has kept and counted. */
export interface JsonlApp {
  readonly app: FastifyInstance;
  readonly intake: CapturingIntake;
  readonly counts: Counts;
  /** What the kept records say, in their order. */
  bodies(): string[];
  post(
    payload: string | Buffer | Readable,
    headers?: Record<string, string>,
    query?: string,
  ): Promise<{ status: number; body: JsonlBody; headers: Record<string, unknown> }>;
  /** Starts it anew. */
  restart(options: Parameters<typeof receiverContext>[1], memory?: BodyMemory): Promise<void>;
}

/** What is in its answers, good or bad. */
interface JsonlBody {
  readonly accepted: number;
  readonly rejected: number;
  readonly errors: readonly { readonly line: number; readonly message: string }[];
  readonly line: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** Runs the same tests where lines are decoded on the main thread, and where they are on another. */
export function describeJsonl(tests: (jsonl: JsonlApp) => void): void {
  const elsewhere = createDecoding({ threads: 1, heavyBytes: 0, log: silentLog });
  afterAll(() => elsewhere.stop());
  describe("decoded here", () => tests(useJsonl(undefined)));
  describe("decoded on a thread", () => tests(useJsonl(elsewhere)));
}

function useJsonl(decoding: Decoding | undefined): JsonlApp {
  let app: FastifyInstance;
  let intake: CapturingIntake;
  let counts: Counts;

  function start(options: Parameters<typeof receiverContext>[1], memory?: BodyMemory): void {
    app = createApp({ authToken: null, log: silentLog });
    registerJsonl(app, receiverContext(intake, { counts, decoding, ...options }), memory);
  }
  beforeEach(() => {
    intake = capturingIntake();
    counts = {};
    start({});
  });
  afterEach(() => app.close());

  return {
    get app() {
      return app;
    },
    get intake() {
      return intake;
    },
    get counts() {
      return counts;
    },
    bodies: () => intake.logs.map(({ body }) => body),
    async post(payload, headers = {}, query = "") {
      const response = await app.inject({
        method: "POST",
        url: `/v1/jsonl${query}`,
        payload,
        headers: { host: "localhost", ...headers },
      });
      return { status: response.statusCode, body: response.json(), headers: response.headers };
    },
    async restart(options, memory) {
      await app.close();
      start(options, memory);
    },
  };
}

/** The attributes of a record by name. */
export function attributesOf(record: LogRecord | undefined): Record<string, string> {
  const list = record?.attributes ?? [];
  return Object.fromEntries(
    Array.from({ length: list.length / 2 }, (_, at) => list.slice(at * 2, at * 2 + 2)),
  );
}
