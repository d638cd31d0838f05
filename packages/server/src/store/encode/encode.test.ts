import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogRecord } from "../../record/record.ts";
import { ID_STEP, idAt } from "../id.ts";
import { insertNative, type NativeInsert } from "../insert.ts";
import { anyText, arbitraryRecords } from "../testing/arbitrary-records.ts";
import { insertLogs, insertSpans } from "../testing/insert.ts";
import { logRecord, SOME_TIME, spanRecord } from "../testing/records.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import type { Encoder } from "./encoder.ts";
import { createLogEncoder } from "./logs.ts";
import { timeBounds } from "./timestamps.ts";

/** What is stored is what was sent, whatever that was: random records through the real engine. */

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const FIRST_ID = idAt(Date.now());
const RUNS = { numRuns: 6 };
const { log, span } = arbitraryRecords(anyText);

/** With U+FFFD for each lone surrogate, which UTF-8 can't hold. */
const wellFormed = (text: string): string => Buffer.from(text, "utf8").toString("utf8");

/** A map as it has to come back: well-formed text, the last of equal keys. */
function map(pairs: readonly string[]): [string, string][] {
  const last = new Map<string, string>();
  for (let i = 0; i < pairs.length; i += 2) last.set(pairs[i] as string, pairs[i + 1] as string);
  return [...last].map(([key, value]) => [wellFormed(key), wellFormed(value)]);
}

/** A map column of a row, as pairs: as an object, `__proto__` would be lost. */
const pairsOf = (column: string) => `CAST(${column}, 'Array(Tuple(String, String))')`;
const nanoseconds = (column: string) => `toString(toUnixTimestamp64Nano(${column}))`;

describe("encoding", () => {
  it("brings back every log record", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(log, { minLength: 60, maxLength: 120, size: "max" }), async (records) => {
        await test.engine.client.command({ query: "TRUNCATE TABLE otel_logs" });
        await insertLogs(test, records);
        const rows = await test.rows(`
          SELECT ${nanoseconds("Timestamp")} AS timestamp, ${nanoseconds("ObservedTimestamp")} AS observedTimestamp,
            SeverityNumber, SeverityText, Body, EventName, TraceId, SpanId, TraceFlags, ServiceName, Host, Runtime,
            ResourceSchemaUrl, ${pairsOf("ResourceAttributes")} AS resource, ScopeSchemaUrl, ScopeName,
            ScopeVersion, ${pairsOf("ScopeAttributes")} AS scope, ${pairsOf("LogAttributes")} AS attributes
          FROM otel_logs ORDER BY Id`);
        expect(rows).toEqual(
          records.map((record) => ({
            timestamp: String(record.timestamp),
            observedTimestamp: String(record.observedTimestamp),
            SeverityNumber: record.severityNumber,
            SeverityText: wellFormed(record.severityText),
            Body: wellFormed(record.body),
            EventName: wellFormed(record.eventName),
            TraceId: wellFormed(record.traceId),
            SpanId: wellFormed(record.spanId),
            TraceFlags: record.traceFlags,
            ServiceName: wellFormed(record.resource.serviceName),
            Host: wellFormed(record.resource.host),
            Runtime: wellFormed(record.resource.runtime),
            ResourceSchemaUrl: wellFormed(record.resource.schemaUrl),
            resource: map(record.resource.attributes),
            ScopeSchemaUrl: wellFormed(record.scope.schemaUrl),
            ScopeName: wellFormed(record.scope.name),
            ScopeVersion: wellFormed(record.scope.version),
            scope: map(record.scope.attributes),
            attributes: map(record.attributes),
          })),
        );
      }),
      RUNS,
    );
  });

  it("brings back every span", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(span, { minLength: 40, maxLength: 60, size: "max" }), async (records) => {
        await test.engine.client.command({ query: "TRUNCATE TABLE otel_traces" });
        await insertSpans(test, records);
        const rows = await test.rows(`
          SELECT ${nanoseconds("Timestamp")} AS timestamp, Duration, TraceId, SpanId, ParentSpanId, TraceState,
            SpanName, SpanKind, StatusCode, StatusMessage, ${pairsOf("SpanAttributes")} AS attributes,
            arrayMap((t, n, a) -> (${nanoseconds("t")}, n, ${pairsOf("a")}),
              \`Events.Timestamp\`, \`Events.Name\`, \`Events.Attributes\`) AS events,
            arrayMap((t, s, w, a) -> (t, s, w, ${pairsOf("a")}),
              \`Links.TraceId\`, \`Links.SpanId\`, \`Links.TraceState\`, \`Links.Attributes\`) AS links
          FROM otel_traces ORDER BY Id`);
        expect(rows).toEqual(
          records.map((record) => ({
            timestamp: String(record.timestamp),
            Duration: String(record.endTimestamp - record.timestamp),
            TraceId: wellFormed(record.traceId),
            SpanId: wellFormed(record.spanId),
            ParentSpanId: wellFormed(record.parentSpanId),
            TraceState: wellFormed(record.traceState),
            SpanName: wellFormed(record.name),
            SpanKind: record.kind,
            StatusCode: record.statusCode,
            StatusMessage: wellFormed(record.statusMessage),
            attributes: map(record.attributes),
            events: record.events.map((event) => [
              String(event.timestamp),
              wellFormed(event.name),
              map(event.attributes),
            ]),
            links: record.links.map((link) => [
              wellFormed(link.traceId),
              wellFormed(link.spanId),
              wellFormed(link.traceState),
              map(link.attributes),
            ]),
          })),
        );
      }),
      RUNS,
    );
  });

  it("brings back records of one resource and of many alike", async () => {
    await test.engine.client.command({ query: "TRUNCATE TABLE otel_logs" });
    const other = { ...logRecord().resource, attributes: ["service.name", "other"], serviceName: "other" };
    const records = Array.from({ length: 3000 }, (_, i) => logRecord(i % 3 === 0 ? { resource: other } : {}));
    await insertLogs(test, records);
    expect(
      await test.rows(
        "SELECT ServiceName, ResourceAttributes['service.name'] AS service, count() AS n FROM otel_logs GROUP BY ALL ORDER BY ALL",
      ),
    ).toEqual([
      { ServiceName: "checkout", service: "checkout", n: "2000" },
      { ServiceName: "other", service: "other", n: "1000" },
    ]);
  });

  it("takes a span with many events and links", async () => {
    await test.engine.client.command({ query: "TRUNCATE TABLE otel_traces" });
    const events = Array.from({ length: 500 }, (_, i) => ({
      timestamp: SOME_TIME,
      name: `e${i}`,
      attributes: ["i", `${i}`],
    }));
    await insertSpans(test, [spanRecord({ events }), spanRecord()]);
    expect(await test.rows("SELECT length(`Events.Name`) AS n FROM otel_traces ORDER BY Id")).toEqual([
      { n: "500" },
      { n: "0" },
    ]);
  });

  it("brings back every row of a block that is cut", async () => {
    const records = fc
      .sample(log, { numRuns: 80, seed: 7 })
      .map((record, i) => ({ ...record, body: `row ${i}` }));
    const whole = await storedLogs([[0, 80]], records);
    expect(
      await storedLogs(
        [
          [0, 1],
          [1, 33],
          [33, 33],
          [33, 80],
        ],
        records,
      ),
    ).toEqual(whole);
  });

  it("goes on after a record that can't be encoded, at whichever of its parts it fails", async () => {
    const good = Array.from({ length: 20 }, (_, i) => logRecord({ body: `row ${i}` }));
    const broken: Partial<LogRecord>[] = [
      { body: undefined as unknown as string },
      { attributes: ["key", null as unknown as string] },
      { attributes: ["a", "b", 5 as unknown as string, "value"] },
      { resource: { ...logRecord().resource, attributes: ["a", "b", "c", {} as string] } },
      { scope: { ...logRecord().scope, name: undefined as unknown as string } },
    ];
    const encoder = createLogEncoder();
    const bounds = timeBounds(Date.now());
    for (const [i, record] of good.entries()) {
      encoder.add(record, "test", bounds);
      const different = broken[i];
      if (different === undefined) continue;
      expect(() => encoder.add({ ...record, ...different }, "test", bounds)).toThrow();
    }
    await test.engine.client.command({ query: "TRUNCATE TABLE otel_logs" });
    await insertNative(test.engine.client, insertOf(encoder, 0, 20));
    const columns = "* EXCEPT (Id, Bucket)";
    const stored = await test.rows(`SELECT ${columns} FROM otel_logs ORDER BY Id`);
    await test.engine.client.command({ query: "TRUNCATE TABLE otel_logs" });
    await insertLogs(test, good);
    expect(stored).toEqual(await test.rows(`SELECT ${columns} FROM otel_logs ORDER BY Id`));
  });

  it("knows that a column of bytes was given what is none", () => {
    expect(() =>
      createLogEncoder().add(logRecord({ body: 5 as unknown as string }), "test", timeBounds(0)),
    ).toThrow();
  });
});

function insertOf(encoder: Encoder<LogRecord>, from: number, to: number): NativeInsert {
  const { table, columns } = encoder;
  return {
    table,
    columns,
    block: encoder.block(FIRST_ID + BigInt(from) * ID_STEP, from, to),
    token: `${Math.random()}`,
  };
}

/** What is stored and counted when the rows of one encoder go to the engine in these runs. */
async function storedLogs(
  runs: readonly [number, number][],
  records: readonly LogRecord[],
): Promise<unknown[]> {
  const encoder = createLogEncoder();
  for (const record of records) encoder.add(record, "test", timeBounds(Date.now()));
  for (const table of ["otel_logs", "log_fields"]) await test.command(`TRUNCATE TABLE ${table}`);
  for (const [from, to] of runs) {
    if (from < to) await insertNative(test.engine.client, insertOf(encoder, from, to));
  }
  return [
    ...(await test.rows("SELECT * EXCEPT (Bucket, FieldCounts) FROM otel_logs ORDER BY Id")),
    ...(await test.rows(
      "SELECT Hour, Kind, Key, Value, sum(Count) AS n FROM log_fields GROUP BY ALL ORDER BY ALL",
    )),
  ];
}
