import { type Context, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { afterEach, describe, expect, test } from "vitest";
import { openTelemetrySink, polylogLoggerProvider } from "../opentelemetry.ts";
import { recording } from "../testing/recording.ts";

const IDS = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };

afterEach(() => {
  logs.disable();
  context.disable();
});

function toSdk() {
  const { polylog } = recording();
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  polylog.configure({ sinks: { otel: openTelemetrySink(provider, { polylog }) } });
  return { polylog, provider, exporter };
}

describe("OpenTelemetry's SDK gets our records", () => {
  test("scope, severity, body, attributes, exception, time and span arrive", async () => {
    const { polylog, exporter } = toSdk();
    polylog.emit({
      logger: "myapp.billing",
      level: "warn",
      message: "card declined",
      time: 1_700_000_000_000.5,
      metadata: { orderId: 17, big: 1n },
      error: new TypeError("boom"),
      context: { runnerId: "r1" },
      trace: IDS,
    });
    await polylog.flush();
    const [record] = exporter.getFinishedLogRecords();
    expect(record).toMatchObject({
      instrumentationScope: { name: "myapp.billing" },
      severityNumber: 13,
      severityText: "WARN",
      body: "card declined",
      hrTime: [1_700_000_000, 500_000],
      attributes: {
        orderId: 17,
        big: "1",
        "exception.type": "TypeError",
        "exception.message": "boom",
        "exception.stacktrace": expect.stringContaining("sink.test.ts"),
        runner_id: "r1",
      },
      spanContext: IDS,
    });
  });

  test("a record outside of a span has none", async () => {
    const { polylog, exporter } = toSdk();
    polylog.log.info("x");
    await polylog.flush();
    expect(exporter.getFinishedLogRecords()[0]!.spanContext).toBeUndefined();
  });

  test("the span that is active is the record's", async () => {
    const { polylog, exporter } = toSdk();
    let active: Context = ROOT_CONTEXT;
    context.setGlobalContextManager({
      active: () => active,
      with: (_next, work, self, ...args) => work.call(self, ...args),
      bind: (_context, target) => target,
      enable: () => context as never,
      disable: () => context as never,
    });
    active = trace.setSpanContext(ROOT_CONTEXT, IDS);
    polylog.log.info("inside");
    active = ROOT_CONTEXT;
    await polylog.flush();
    expect(exporter.getFinishedLogRecords()[0]!.spanContext).toEqual(IDS);
  });

  test("with both directions on, a record passes each once", () => {
    const { polylog, records } = recording();
    const ours = polylogLoggerProvider({ polylog });
    logs.setGlobalLoggerProvider(ours);
    const seen: unknown[] = [];
    polylog.configure({
      sinks: {
        otel: openTelemetrySink(logs.getLoggerProvider(), { polylog }),
        seen: (record) => seen.push(record.message),
      },
    });
    polylog.log.info("from here");
    logs.getLogger("a").emit({ body: "from there" });
    expect(seen).toEqual(["from here", "from there"]);
    expect(records).toEqual([]);
  });
});
