import fc from "fast-check";
import fastify, { type FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PolylogError } from "../errors.ts";
import { registerJsonl } from "../receivers/jsonl/receiver.ts";
import { receive } from "../receivers/otlp/receiver.ts";
import { type Encoding, SIGNALS, type Signal } from "../receivers/otlp/signals.ts";
import type { ReceiverContext } from "../receivers/receiver.ts";
import { type EncodedRecords, isEncoded } from "../record/encoded-records.ts";
import { ALL_STORED, type Intake, type Stored } from "../record/intake.ts";
import { createLogEncoder } from "../store/encode/logs.ts";
import { createSpanEncoder } from "../store/encode/spans.ts";
import { silentLog } from "../store/testing/store.ts";
import { logsRequests, tracesRequests } from "../testing/arbitrary-otlp.ts";
import { receiverContext } from "../testing/capturing-intake.ts";
import { rowsOf } from "../testing/native-block.ts";
import { encodeLogs, encodeTraces } from "../testing/otlp-request.ts";
import { encodeRecords } from "./encode-records.ts";
import { createDecoding } from "./threads.ts";

/** What a request comes to does not depend on where it is decoded. */

const RUNS = { numRuns: 60 };
const started = Date.now();
const decoding = createDecoding({ threads: 2, heavyBytes: 0, log: silentLog });
afterAll(() => decoding.stop());

/** What came in, with what admission is told of it, and what was counted. */
interface Outcome {
  readonly context: ReceiverContext;
  readonly written: unknown[];
  readonly counts: Record<string, number>;
}

function watched(isElsewhere: boolean): Outcome {
  const written: unknown[] = [];
  const counts = {};
  const keep = (encoded: EncodedRecords, ...details: unknown[]): Stored => {
    const { length, origin, newest, refused } = encoded;
    written.push({ rows: settled(rowsOf(encoded)), length, origin, newest, refused, details });
    return ALL_STORED;
  };
  const now = Date.now();
  const intake: Intake = {
    async writeLogs(records, bytes, receiver) {
      if (refusal !== undefined && written.length > 0) throw refusal;
      if (isEncoded(records) !== isElsewhere && bytes > 0) throw new Error("It was decoded elsewhere.");
      const encoded = isEncoded(records)
        ? records
        : encodeRecords(createLogEncoder(), records, receiver, now);
      return keep(encoded, bytes, receiver);
    },
    async writeSpans(records, bytes, receiver) {
      const encoded = isEncoded(records)
        ? records
        : encodeRecords(createSpanEncoder(), records, receiver, now);
      return keep(encoded, bytes, receiver);
    },
  };
  const context = receiverContext(intake, { counts, decoding: isElsewhere ? decoding : undefined });
  return { context, written, counts };
}

/** What the store says to log records now, if it takes none. */
let refusal: PolylogError | undefined;
afterEach(() => {
  refusal = undefined;
});

/** Without the times at which it was encoded: those of records whose own can't be believed. */
function settled(rows: unknown): unknown {
  return JSON.parse(
    JSON.stringify(rows, (_, value: unknown) => {
      if (typeof value === "number") return value >= started / 1000 - 3600 ? "now" : value;
      if (typeof value !== "bigint") return value;
      const isNow = value >= BigInt(started) * 1_000_000n && value < BigInt(Date.now() + 1) * 1_000_000n;
      return isNow ? "now" : String(value);
    }),
  );
}

describe("OTLP", () => {
  async function outcomeOf(signal: Signal, encoding: Encoding, body: Buffer, isElsewhere: boolean) {
    const { context, written, counts } = watched(isElsewhere);
    const answer = await receive(signal, encoding, Buffer.from(body), context, "test").then(
      ({ rejected, message }) => ({ rejected, message }),
      ({ name, code, message, remedy }) => ({ name, code, message, remedy }),
    );
    return { answer, written, counts };
  }

  const [logs, traces, metrics] = SIGNALS as [Signal, Signal, Signal];
  const json = (request: object) => Buffer.from(JSON.stringify(request));
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const cases: [string, Signal, Encoding, fc.Arbitrary<Buffer>][] = [
    ["logs in protobuf", logs, "protobuf", logsRequests.map(encodeLogs)],
    ["logs in JSON", logs, "json", logsRequests.map(json)],
    ["traces in protobuf", traces, "protobuf", tracesRequests.map(encodeTraces)],
    ["traces in JSON", traces, "json", tracesRequests.map(json)],
    ["any bytes as logs", logs, "protobuf", bytes],
    ["any bytes as metrics", metrics, "protobuf", bytes],
  ];
  it.each(cases)("%s: the same rows, answers and counts", async (_, signal, encoding, bodies) => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const here = await outcomeOf(signal, encoding, body, false);
        expect(await outcomeOf(signal, encoding, body, true)).toEqual(here);
      }),
      RUNS,
    );
  });
});

describe("JSON lines", () => {
  const apps = new Map<boolean, { app: FastifyInstance; outcome: Outcome }>();
  beforeAll(() => {
    for (const isElsewhere of [false, true]) {
      const outcome = watched(isElsewhere);
      const app = fastify();
      registerJsonl(app, outcome.context);
      apps.set(isElsewhere, { app, outcome });
    }
  });
  afterAll(async () => {
    for (const { app } of apps.values()) await app.close();
  });

  async function outcomeOf(payload: string, isElsewhere: boolean) {
    const { app, outcome } = apps.get(isElsewhere) as { app: FastifyInstance; outcome: Outcome };
    const { written, counts } = outcome;
    written.length = 0;
    for (const name of Object.keys(counts)) delete counts[name];
    const { statusCode, body } = await app.inject({
      method: "POST",
      url: "/v1/jsonl?service=shop",
      payload,
      headers: { host: "localhost" },
    });
    return { statusCode, body, written: [...written], counts: { ...counts } };
  }

  const word = fc.constantFrom("msg", "level", "time", "service", "trace_id", "name", "x.y", "error", "pid");
  const object = fc.dictionary(fc.oneof(word, fc.string()), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 });
  const lineOf = fc.oneof(
    { arbitrary: object.map((value) => JSON.stringify(value)), weight: 5 },
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string(),
    fc.constant(""),
  );
  const lines = fc.array(lineOf, { maxLength: 30 });
  const layouts = fc.oneof(
    lines.map((all) => all.join("\n")),
    lines.map((all) => `[${all.join(",")}]`),
    object.map((value) => JSON.stringify(value, null, 2)),
    fc.tuple(fc.string(), lines).map(([head, all]) => head + all.join("\r\n")),
  );

  it("of any kind: the same rows, answers and counts", async () => {
    await fc.assert(
      fc.asyncProperty(layouts, async (body) => {
        expect(await outcomeOf(body, true)).toEqual(await outcomeOf(body, false));
      }),
      { numRuns: 150 },
    );
  });

  it("that the store takes in part: the same answer and counts", async () => {
    refusal = new PolylogError("POLYLOG_E_STOPPING", "Not now.", { retryAfterSeconds: 3 });
    const body = Array.from({ length: 45_000 }, (_, n) => `{"msg":"${n}"}`).join("\n");
    const elsewhere = await outcomeOf(body, true);
    expect(elsewhere).toEqual(await outcomeOf(body, false));
    expect(elsewhere).toMatchObject({ statusCode: 503, counts: { "rejected stopping": expect.any(Number) } });
  });

  it.each([
    ["many small ones", 60_000, 20],
    ["many large ones", 12_000, 900],
  ])("%s: the same parts", async (_name, count, length) => {
    const all = Array.from({ length: count }, (_, n) =>
      n % 1000 === 999 ? "oops" : `{"msg":"${n}","text":"${"x".repeat(length)}"}`,
    );
    const body = all.join("\n");
    const elsewhere = await outcomeOf(body, true);
    expect(elsewhere).toEqual(await outcomeOf(body, false));
    expect(elsewhere.written.length).toBeGreaterThan(1);
  });
});
