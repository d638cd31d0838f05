import fc from "fast-check";
import fastify, { type FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { encodeRecords } from "../decoding/encode-records.ts";
import { createDecoding } from "../decoding/threads.ts";
import { PolylogError } from "../errors.ts";
import { type EncodedRecords, isEncoded, type Records } from "../record/encoded-records.ts";
import { ALL_STORED, type Intake, type Stored } from "../record/intake.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";
import type { Encoder } from "../store/encode/encoder.ts";
import { createLogEncoder } from "../store/encode/logs.ts";
import { createSpanEncoder } from "../store/encode/spans.ts";
import { silentLog } from "../store/testing/store.ts";
import { logsRequests, tracesRequests } from "../testing/arbitrary-otlp.ts";
import { receiverContext } from "../testing/capturing-intake.ts";
import { rowsOf } from "../testing/native-block.ts";
import { encodeLogs, encodeTraces } from "../testing/otlp-request.ts";
import { decodeElsewhere, named } from "./decode.ts";
import { decodeAtOnce } from "./decoded-records.ts";
import type { DecoderName, ParametersOf } from "./decoders.ts";
import { registerJsonl } from "./jsonl/receiver.ts";
import { receive } from "./otlp/receiver.ts";
import { type Encoding, SIGNALS, type Signal } from "./otlp/signals.ts";
import type { ReceiverContext } from "./receiver.ts";

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

describe("a body of", () => {
  const now = BigInt(started) * 1_000_000n;
  /** Of each decoder: good and bad, with times of their own and without. */
  const bodies: { readonly [Name in DecoderName]: readonly [ParametersOf<Name>, string | Buffer] } = {
    datadog: [
      { now, query: { service: "shop" }, isText: false },
      '[{"message":"hello","ddtags":"env:prod","status":"warn","timestamp":1795257667123},{"message":"two"},7]',
    ],
    elasticsearch: [
      { now, index: "logs" },
      '{"create":{}}\n{"message":"hello","log":{"level":"warn"}}\n{"delete":{"_id":"2"}}\n{"index":{}}\noops\n',
    ],
    gelf: [{ now }, '{"short_message":"one","_order":7,"level":4}\nno\n{"short_message":"two"}\n'],
    loggly: [{ now, tags: ["a"] }, '{"message":"hello","level":"warn"}\nplain line\nlevel=info msg=three\n'],
    loki: [
      { now, isJson: true, maxBytes: 1 << 20, tenant: { attributes: ["loki.tenant", "a"] } },
      '{"streams":[{"stream":{"app":"shop"},"values":[["1763721667000000007","hello"],["x"]]}]}',
    ],
    otlp: [
      { now, path: "/v1/logs", encoding: "json" },
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"hello"}},{"timeUnixNano":"noon"}]}]}]}',
    ],
    papertrail: [{ now }, "<134>1 2025-11-21T10:41:07Z web-1 shop - - - hello\nplain\n"],
    raygun: [{ now }, '[{"details":{"error":{"className":"E","message":"failed"}}},{"details":{}}]'],
    scalyr: [
      { now, query: { host: "web-1", "server-tier": "gold" } },
      "level=warn msg=late order=7\r\n\nplain\n",
    ],
    splunk: [
      { now, meta: { index: "main" }, kind: "events" },
      '{"event":"hello","time":1795257667.123}{"event":""}',
    ],
    text: [
      { now, zone: "Europe/Berlin", defaults: { service: "shop" } },
      "2026-11-21 10:41:07 WARN late\nE: x\n  at a\nlevel=info msg=two\n",
    ],
    zipkin: [
      { now, isProtobuf: false },
      '[{"traceId":"0af7651916cd43dd8448eb211c80319c","id":"b7ad6b7169203331","name":"get"},{"id":"x"}]',
    ],
  };

  it.each(Object.entries(bodies))(
    "%s gives the same rows and the same for the answer",
    async (name, [form, body]) => {
      const decode = named(name as DecoderName, form as never);
      const job = { body: Buffer.from(body), bytes: body.length, receiver: name, sender: "test" };
      const here = decodeAtOnce(decode.decode(Buffer.from(body)));
      const there = await decodeElsewhere(decoding, decode, job);
      const rows = <T extends LogRecord | SpanRecord>(records: Records<T>, encoder: Encoder<T>) =>
        records.length === 0
          ? []
          : settled(rowsOf(isEncoded(records) ? records : encodeRecords(encoder, records, name, started)));
      const { logs = [], spans = [], rejected, result } = there ?? {};
      expect(here.logs.length + here.spans.length).toBeGreaterThan(0);
      expect({
        logs: rows(logs, createLogEncoder()),
        spans: rows(spans, createSpanEncoder()),
        ...{ rejected, result },
      }).toEqual({
        logs: rows(here.logs, createLogEncoder()),
        spans: rows(here.spans, createSpanEncoder()),
        ...{ rejected: here.rejected, result: here.result },
      });
    },
  );
});
