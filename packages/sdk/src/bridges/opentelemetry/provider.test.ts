import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { logs, SeverityNumber } from "@opentelemetry/api-logs";
import { afterEach, describe, expect, test } from "vitest";
import type { Level } from "../../logger/level.ts";
import { type OtelLogRecord, polylogLoggerProvider } from "../opentelemetry.ts";
import { recording } from "../testing/recording.ts";

afterEach(() => logs.disable());

function bridged() {
  const log = recording();
  logs.setGlobalLoggerProvider(polylogLoggerProvider({ polylog: log.polylog }));
  return { ...log, app: logs.getLogger("myapp.billing", "1.0.0") };
}

const IDS = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };

describe("OpenTelemetry's Logs API leads to Polylog", () => {
  test("scope, severity, body, attributes, time and span arrive", () => {
    const { app, records } = bridged();
    app.emit({
      severityNumber: SeverityNumber.WARN2,
      body: "card declined",
      attributes: { "order.id": 17, tries: [1, 2] },
      timestamp: [1_700_000_000, 500_000],
      context: trace.setSpanContext(ROOT_CONTEXT, IDS),
    });
    expect(records).toEqual([
      {
        logger: "myapp.billing",
        level: "warn",
        system: "node",
        message: "card declined",
        metadata: { "order.id": 17, tries: [1, 2] },
        time: 1_700_000_000_000.5,
        trace: IDS,
      },
    ]);
  });

  test.each<[OtelLogRecord, Level]>([
    [{ severityNumber: SeverityNumber.TRACE }, "trace"],
    [{ severityNumber: SeverityNumber.DEBUG4 }, "debug"],
    [{ severityNumber: SeverityNumber.FATAL4 }, "fatal"],
    [{ severityNumber: SeverityNumber.UNSPECIFIED, severityText: "Error" }, "error"],
    [{ severityText: "whatever" }, "info"],
    [{}, "info"],
  ])("%j is %s", (record, level) => {
    const { app, records } = bridged();
    app.emit({ ...record, body: "x" } as Parameters<typeof app.emit>[0]);
    expect(records).toMatchObject([{ level }]);
  });

  test.each<[string, OtelLogRecord, string, unknown]>([
    ["a number", { body: 17 }, "17", {}],
    ["nothing", {}, "", {}],
    ["an event", { eventName: "paid", attributes: { a: 1 } }, "paid", { event: "paid", a: 1 }],
    [
      "an event with a body",
      { eventName: "paid", body: { sum: 3 } },
      "paid",
      { event: "paid", body: { sum: 3 } },
    ],
    ["a map", { body: { sum: 3 } }, "{ sum: 3 }", { body: { sum: 3 } }],
    [
      "an attribute `body` beside a map",
      { body: { sum: 3 }, attributes: { body: 1 } },
      "{ sum: 3 }",
      { body: 1 },
    ],
  ])("the body of %s", (_name, record, message, metadata) => {
    const { app, records } = bridged();
    app.emit(record as Parameters<typeof app.emit>[0]);
    expect(records[0]!.message).toBe(message);
    expect(records[0]!.metadata).toEqual(metadata);
  });

  test("an exception is the error, given as itself or as attributes", () => {
    const { app, records } = bridged();
    const boom = new Error("boom");
    app.emit({ body: "failed", exception: boom });
    const attributes = {
      "exception.type": "TypeError",
      "exception.message": "bang",
      "exception.stacktrace": "at x",
    };
    app.emit({ body: "failed", attributes: { ...attributes, "order.id": 17 } });
    expect(records[0]!.error).toBe(boom);
    expect(records[1]!.error).toMatchObject({ name: "TypeError", message: "bang", stack: "at x" });
    expect(records[1]!.metadata).toEqual({ "order.id": 17 });
  });

  test.each([
    ["milliseconds", 1_700_000_000_000, 1_700_000_000_000],
    ["a date", new Date(1_700_000_000_000), 1_700_000_000_000],
    ["performance.now()", 10, performance.timeOrigin + 10],
  ])("a time may be %s", (_name, timestamp, time) => {
    const { app, records } = bridged();
    app.emit({ body: "x", timestamp });
    expect(records).toMatchObject([{ time }]);
  });

  test("a context without a valid span gives no ids", () => {
    const { app, records } = bridged();
    app.emit({ body: "x", context: ROOT_CONTEXT });
    app.emit({ body: "x", context: trace.setSpanContext(ROOT_CONTEXT, { ...IDS, traceId: "0".repeat(32) }) });
    expect(records.map((record) => record.trace)).toEqual([undefined, undefined]);
  });

  test("enabled answers for the level", () => {
    const { app, polylog } = bridged();
    polylog.setLogLevel("warn");
    const asked = [SeverityNumber.INFO4, SeverityNumber.WARN].map((severityNumber) =>
      app.enabled({ severityNumber }),
    );
    expect([...asked, app.enabled()]).toEqual([false, true, false]);
  });

  test("what the level drops isn't read", () => {
    const { app, records, polylog } = bridged();
    polylog.setLogLevel("error");
    app.emit({
      severityNumber: SeverityNumber.INFO,
      get body(): string {
        throw new Error("was read");
      },
    });
    expect(records).toEqual([]);
  });

  test("a sink that writes to the API gets nothing back", () => {
    const { app, records, atEachRecord } = bridged();
    atEachRecord(({ message }) => app.emit({ body: message }));
    app.emit({ body: "once" });
    expect(records).toHaveLength(1);
  });
});
