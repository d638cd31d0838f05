import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ORIGINAL_TIMESTAMP } from "./encode/timestamps.ts";
import { LOG_FIELDS_OTHERS_VIEW } from "./schema/log-fields.ts";
import { insertLogs, insertSpans } from "./testing/insert.ts";
import { logRecord, SOME_TIME, spanRecord } from "./testing/records.ts";
import { openTestStore, type TestStore } from "./testing/store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
afterEach(async () => {
  for (const table of ["otel_logs", "log_fields", "otel_traces", "otel_traces_trace_id_ts"]) {
    await test.command(`TRUNCATE TABLE ${table}`);
  }
});

const DAY = 86_400_000_000_000n;

describe("otel_logs", () => {
  it("holds every part of a record", async () => {
    await insertLogs(test, [
      logRecord({
        attributes: ["http.route", "/cart", "user.id", "7"],
        body: "Grüße aus Zürich 🚀",
        eventName: "cart.viewed",
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        traceFlags: 1,
      }),
    ]);
    const [row] = await test.rows("SELECT * EXCEPT (Id, FieldCounts) FROM otel_logs");
    expect(row).toEqual({
      Timestamp: "2026-01-02 03:04:05.678901234",
      TraceId: "0af7651916cd43dd8448eb211c80319c",
      SpanId: "b7ad6b7169203331",
      TraceFlags: 1,
      SeverityText: "INFO",
      SeverityNumber: 9,
      ServiceName: "checkout",
      Body: "Grüße aus Zürich 🚀",
      ResourceSchemaUrl: "",
      ResourceAttributes: {
        "service.name": "checkout",
        "host.name": "node-1",
        "telemetry.sdk.language": "nodejs",
      },
      ScopeSchemaUrl: "",
      ScopeName: "checkout.http",
      ScopeVersion: "1.2.0",
      ScopeAttributes: { "scope.kind": "library" },
      LogAttributes: { "http.route": "/cart", "user.id": "7" },
      EventName: "cart.viewed",
      ObservedTimestamp: "2026-01-02 03:04:05.678902234",
      Host: "node-1",
      Runtime: "node",
      Receiver: "test",
      Bucket: "2026-01-02 03:00:00",
    });
  });

  it("finds words in any case, also outside ASCII", async () => {
    await insertLogs(test, [logRecord({ body: "Connection to ÜBERWEISUNG refused" }), logRecord()]);
    const found = (words: string) =>
      test.rows("SELECT Body FROM otel_logs WHERE hasAllTokens(Body, {words:String})", { words });
    expect(await found("connection REFUSED")).toHaveLength(1);
    expect(await found("überweisung")).toHaveLength(1);
    expect(await found("connection completed")).toHaveLength(0);
  });

  it("keeps one of two equal inserts", async () => {
    await insertLogs(test, [logRecord({ attributes: ["a", "1"] })], "same");
    await insertLogs(test, [logRecord({ attributes: ["a", "1"] })], "same");
    expect(await test.rows("SELECT count() AS n FROM otel_logs")).toEqual([{ n: "1" }]);
    expect(await test.rows("SELECT sum(Count) AS n FROM log_fields WHERE Key = 'a'")).toEqual([{ n: "1" }]);
  });

  it("takes times of three decades in one batch, with few partitions", async () => {
    const today = BigInt(Date.now()) * 1_000_000n;
    const records = Array.from({ length: 11_000 }, (_, day) =>
      logRecord({ timestamp: today - BigInt(day) * DAY }),
    );
    await insertLogs(test, records);
    expect(await test.rows("SELECT uniqExact(toDate(Timestamp)) AS days FROM otel_logs")).toEqual([
      { days: "11000" },
    ]);
    for (const { client } of test.engine.nodes) {
      const answer = await client.query({
        query:
          "SELECT uniqExact(partition) AS parts FROM system.parts WHERE active AND database = currentDatabase() AND table = 'otel_logs'",
        format: "JSONEachRow",
      });
      const [row] = await answer.json<{ parts: string }>();
      expect(Number(row?.parts)).toBeLessThan(100);
    }
  });

  it("gives a part files for each column when it is merged, not when it is inserted", async () => {
    const { client } = test.engine.nodes[0]!;
    const types = async (): Promise<unknown> => {
      const answer = await client.query({
        query:
          "SELECT part_type FROM system.parts WHERE active AND database = currentDatabase() AND table = 'otel_logs'",
        format: "JSONEachRow",
      });
      return (await answer.json<{ part_type: string }>()).map(({ part_type }) => part_type);
    };
    await client.command({
      query:
        "INSERT INTO otel_logs (Timestamp, Body) SELECT now64(9), randomPrintableASCII(3000) FROM numbers(6000)",
    });
    expect(await types()).toEqual(["Compact"]);
    await client.command({ query: "OPTIMIZE TABLE otel_logs FINAL" });
    expect(await types()).toEqual(["Wide"]);
  });

  it("gives rows of other tools an id of their own", async () => {
    await test.engine.client.insert({
      table: "otel_logs",
      values: [{ Timestamp: "2026-01-02 03:04:05", Body: "from the collector" }],
      format: "JSONEachRow",
    });
    const [row] = await test.rows<{ at: string }>(
      "SELECT toString(fromUnixTimestamp64Milli(toInt64(bitShiftRight(Id, 22)) + 1577836800000, 'UTC')) AS at FROM otel_logs",
    );
    expect(Math.abs(Date.parse(`${row?.at.replace(" ", "T")}Z`) - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ["the beginning of the epoch", 1n],
    ["before it", -1n],
    ["before ClickHouse's range", -(2n ** 63n)],
    ["two days ahead", BigInt(Date.now() + 2 * 86_400_000) * 1_000_000n],
    ["the end of 64 bits", 2n ** 63n - 1n],
    ["the end of 64 unsigned bits", 2n ** 64n - 1n],
  ])("stores a record from %s at the time it was observed", async (_, timestamp) => {
    await insertLogs(test, [logRecord({ timestamp }), logRecord({ body: "neighbour" })]);
    expect(
      await test.rows(
        "SELECT toString(Timestamp) AS time, LogAttributes AS attributes FROM otel_logs WHERE Body != 'neighbour'",
      ),
    ).toEqual([
      { time: "2026-01-02 03:04:05.678902234", attributes: { [ORIGINAL_TIMESTAMP]: String(timestamp) } },
    ]);
  });

  it("stores a record without a time at the time it was observed, without a word", async () => {
    await insertLogs(test, [logRecord({ timestamp: 0n })]);
    expect(
      await test.rows("SELECT toString(Timestamp) AS time, LogAttributes AS attributes FROM otel_logs"),
    ).toEqual([{ time: "2026-01-02 03:04:05.678902234", attributes: {} }]);
  });
});

describe("log_fields", () => {
  const counted = (kind: string) =>
    test.rows(
      "SELECT Key, Value, sum(Count) AS n FROM log_fields WHERE Kind = {kind:String} GROUP BY ALL ORDER BY ALL",
      {
        kind,
      },
    );

  it("counts the values of attributes, resources and scopes", async () => {
    await insertLogs(test, [
      logRecord({ attributes: ["a", "1"] }),
      logRecord({ attributes: ["a", "1", "b", "2"] }),
      logRecord({ attributes: ["a", "3"] }),
    ]);
    expect(await counted("attribute")).toEqual([
      { Key: "a", Value: "1", n: "2" },
      { Key: "a", Value: "3", n: "1" },
      { Key: "b", Value: "2", n: "1" },
    ]);
    expect(await counted("resource")).toContainEqual({ Key: "service.name", Value: "checkout", n: "3" });
    expect(await counted("scope")).toEqual([{ Key: "scope.kind", Value: "library", n: "3" }]);
  });

  it("counts the same of what other tools insert", async () => {
    const attribute = fc.tuple(
      fc.constantFrom("a", "b", "c", ""),
      fc.string({ unit: "binary", maxLength: 140 }),
    );
    const attributes = fc.array(attribute, { maxLength: 5 }).map((pairs) => pairs.flat());
    const hour = fc
      .integer({ min: 0, max: 3 })
      .map((hours) => SOME_TIME + BigInt(hours) * 3_600_000_000_000n);
    const resource = attributes.map((attributes) => ({ ...logRecord({}).resource, attributes }));
    const scope = attributes.map((attributes) => ({ ...logRecord({}).scope, attributes }));
    const record = fc.record({ timestamp: hour, attributes, resource, scope }).map(logRecord);
    const all = () =>
      test.rows("SELECT Hour, Kind, Key, Value, sum(Count) AS n FROM log_fields GROUP BY ALL ORDER BY ALL");
    const records = fc.sample(record, { numRuns: 80, seed: 1 });
    await insertLogs(test, records);
    const counted = await all();
    expect(counted.length).toBeGreaterThan(100);
    await test.command("TRUNCATE TABLE log_fields");
    // An engine of our own hasn't got it.
    if (test.engine.status().kind === "embedded") await test.command(LOG_FIELDS_OTHERS_VIEW);
    const columns = "Timestamp, ResourceAttributes, ScopeAttributes, LogAttributes";
    await test.command(`INSERT INTO otel_logs (${columns}) SELECT ${columns} FROM otel_logs`);
    expect(await all()).toEqual(counted);
  });

  it("keeps no single values of what looks like an id", async () => {
    await insertLogs(
      test,
      Array.from({ length: 500 }, (_, i) => logRecord({ attributes: ["request.id", `${i}`] })),
    );
    expect(await counted("attribute")).toEqual([{ Key: "request.id", Value: "", n: "500" }]);
  });

  it("keeps no long values", async () => {
    await insertLogs(test, [logRecord({ attributes: ["stack", "x".repeat(129), "short", "x".repeat(128)] })]);
    expect(await counted("attribute")).toEqual([
      { Key: "short", Value: "x".repeat(128), n: "1" },
      { Key: "stack", Value: "", n: "1" },
    ]);
  });

  it("takes at most 2000 names from one batch", async () => {
    const attributes = Array.from({ length: 10_000 }, (_, i) => [`key ${i}`, "v"]).flat();
    await insertLogs(test, [logRecord({ attributes })]);
    expect(await test.rows("SELECT count() AS n FROM log_fields")).toEqual([{ n: "2000" }]);
    expect(
      await test.rows("SELECT length(LogAttributes) AS n FROM otel_logs ORDER BY n DESC LIMIT 1"),
    ).toEqual([{ n: "10000" }]);
  });
});

describe("otel_traces", () => {
  it("holds every part of a span", async () => {
    await insertSpans(test, [
      spanRecord({
        attributes: ["http.method", "GET"],
        parentSpanId: "00f067aa0ba902b7",
        traceState: "vendor=1",
        statusCode: "Error",
        statusMessage: "out of stock",
        events: [
          { timestamp: SOME_TIME + 1n, name: "exception", attributes: ["exception.type", "E"] },
          { timestamp: SOME_TIME + 2n, name: "retry", attributes: [] },
        ],
        links: [{ traceId: "aa", spanId: "bb", traceState: "c=d", attributes: ["kind", "cause"] }],
      }),
      spanRecord({ spanId: "00f067aa0ba902b7" }),
    ]);
    const [row] = await test.rows("SELECT * EXCEPT Id FROM otel_traces WHERE StatusCode = 'Error'");
    expect(row).toEqual({
      Timestamp: "2026-01-02 03:04:05.678901234",
      TraceId: "0af7651916cd43dd8448eb211c80319c",
      SpanId: "b7ad6b7169203331",
      ParentSpanId: "00f067aa0ba902b7",
      TraceState: "vendor=1",
      SpanName: "GET /cart",
      SpanKind: "Server",
      ServiceName: "checkout",
      ResourceAttributes: {
        "service.name": "checkout",
        "host.name": "node-1",
        "telemetry.sdk.language": "nodejs",
      },
      ScopeName: "checkout.http",
      ScopeVersion: "1.2.0",
      SpanAttributes: { "http.method": "GET" },
      Duration: "1500000",
      StatusCode: "Error",
      StatusMessage: "out of stock",
      "Events.Timestamp": ["2026-01-02 03:04:05.678901235", "2026-01-02 03:04:05.678901236"],
      "Events.Name": ["exception", "retry"],
      "Events.Attributes": [{ "exception.type": "E" }, {}],
      "Links.TraceId": ["aa"],
      "Links.SpanId": ["bb"],
      "Links.TraceState": ["c=d"],
      "Links.Attributes": [{ kind: "cause" }],
      ScopeAttributes: { "scope.kind": "library" },
      Host: "node-1",
      Runtime: "node",
      Receiver: "test",
      Bucket: "2026-01-02 03:00:00",
    });
  });

  it("takes a span that ends before it starts as one without duration", async () => {
    await insertSpans(test, [spanRecord({ endTimestamp: SOME_TIME - 5n })]);
    expect(await test.rows("SELECT Duration FROM otel_traces")).toEqual([{ Duration: "0" }]);
  });

  it("is indexed by trace id with the time it covers", async () => {
    await insertSpans(test, [
      spanRecord(),
      spanRecord({ timestamp: SOME_TIME + 2_000_000_000n, endTimestamp: SOME_TIME + 3_000_000_000n }),
      spanRecord({ traceId: "" }),
    ]);
    const query = `
      SELECT TraceId, min(Start) AS From, max(End) AS To FROM otel_traces_trace_id_ts GROUP BY TraceId`;
    expect(await test.rows(query)).toEqual([
      {
        TraceId: "0af7651916cd43dd8448eb211c80319c",
        From: "2026-01-02 03:04:05",
        To: "2026-01-02 03:04:07",
      },
    ]);
  });
});

describe("the retention of a store", () => {
  /** The days that each node keeps logs, as its table says. */
  const daysOnNodes = () =>
    Promise.all(
      test.engine.nodes.map(async ({ client }) => {
        const answer = await client.query({
          query:
            "SELECT extract(engine_full, 'TTL .+ toIntervalDay\\\\((\\\\d+)\\\\)') AS days FROM system.tables WHERE database = currentDatabase() AND name = 'otel_logs'",
          format: "JSONEachRow",
        });
        const [row] = await answer.json<{ days: string }>();
        return row?.days;
      }),
    );

  it("is that of each node, also when it changes", async () => {
    const everyNode = (days: string) => test.engine.nodes.map(() => days);
    expect(await daysOnNodes()).toEqual(everyNode("30"));
    await test.store.setRetention({ days: 7, rules: [] });
    expect(await daysOnNodes()).toEqual(everyNode("7"));
    await test.store.setRetention({ days: 30, rules: [] });
  });
});

describe("the size of a store", () => {
  it("tells rows and bytes", async () => {
    await insertLogs(test, [logRecord(), logRecord()]);
    await insertSpans(test, [spanRecord()]);
    const size = await test.store.size();
    expect(size).toMatchObject({ logs: 2, spans: 1 });
    expect(size.bytesOnDisk).toBeGreaterThan(100);
  });
});
