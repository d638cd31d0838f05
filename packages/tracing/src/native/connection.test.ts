import { SpanKind, SpanStatusCode, trace as traceApi } from "@opentelemetry/api";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import { afterEach, expect, it } from "vitest";
import { takeNativeSpans } from "../../../sdk/src/native/span-taker.ts";
import type { TracingOptions } from "../options.ts";
import { keepSpans } from "../testing/kept-spans.ts";
import { createTracing } from "../tracing.ts";
import type { NativeSpan } from "./native-span.ts";

/** The place where `polylog/native` brings its spans to. */
interface SpanHub {
  readonly taker?: { take(span: NativeSpan): void; lost(count: number): void };
  readonly drains: Set<() => void>;
}

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  traceApi.disable();
});

function start(options: TracingOptions = {}) {
  const told: string[] = [];
  const tracing = createTracing({
    environment: {},
    tell: (code, message) => told.push(`${code} ${message}`),
  });
  closing.push(() => tracing.shutdown());
  const exporter = keepSpans();
  tracing.init({ instrumentations: false, serviceName: "shop", exporter, ...options });
  const hub = (globalThis as never)[Symbol.for("polylog.v1.native.spans")] as SpanHub;
  return { tracing, exporter, hub, told };
}

const NATIVE: NativeSpan = {
  name: "price",
  logger: "my_core::price",
  system: "rust",
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "0102030405060708",
  parentSpanId: "b7ad6b7169203331",
  traceFlags: 1,
  start: [10, 250_000_000],
  end: [11, 500],
  kind: "client",
  status: { code: "error", message: "refused" },
  attributes: { order: 7 },
};

it("a native span goes where the others go, with its ids and times, under its logger and its language", async () => {
  const { tracing, exporter, hub } = start();
  hub.taker?.take(NATIVE);
  await tracing.shutdown();
  const [span] = exporter.spans;
  expect(span).toMatchObject({
    name: "price",
    kind: SpanKind.CLIENT,
    parentSpanContext: { traceId: NATIVE.traceId, spanId: NATIVE.parentSpanId },
    startTime: [10, 250_000_000],
    endTime: [11, 500],
    duration: [0, 750_000_500],
    status: { code: SpanStatusCode.ERROR, message: "refused" },
    attributes: { order: 7 },
    instrumentationScope: { name: "my_core::price" },
  });
  expect(span?.spanContext()).toEqual({ traceId: NATIVE.traceId, spanId: NATIVE.spanId, traceFlags: 1 });
  expect(span?.resource.attributes).toMatchObject({
    "service.name": "shop",
    "telemetry.sdk.language": "rust",
  });
});

it("what native code has ready is brought in before the last spans are sent, and nothing is taken after", async () => {
  const { tracing, exporter, hub } = start();
  const bringIn = () => hub.taker?.take(NATIVE);
  hub.drains.add(bringIn);
  const ended = tracing.shutdown();
  hub.drains.delete(bringIn);
  await ended;
  expect(exporter.spans.map(({ name }) => name)).toEqual(["price"]);
  expect(hub.taker).toBeUndefined();
});

it("spans that native code has lost are counted, and told once", () => {
  const { tracing, hub, told } = start();
  hub.taker?.lost(3);
  hub.taker?.lost(4);
  expect(tracing.droppedSpanCount()).toBe(7);
  expect(told).toEqual([expect.stringMatching(/^POLYLOG_E_COLLECTOR spans of native code are lost/)]);
});

it("none are taken where tracing couldn't be started", () => {
  const broken = {
    getConfig: () => ({ enabled: true }),
    setTracerProvider() {
      throw new Error("broken");
    },
  } as unknown as Instrumentation;
  const { hub, told } = start({ instrumentations: [broken] });
  expect(told).toEqual([expect.stringMatching(/did nothing.*broken/)]);
  expect(hub?.taker).toBeUndefined();
});

it("whoever takes native spans after it keeps them", async () => {
  const { tracing, hub } = start();
  const other = { take() {}, lost() {} };
  const end = takeNativeSpans(other);
  await tracing.shutdown();
  expect(hub.taker).toBe(other);
  end();
});
