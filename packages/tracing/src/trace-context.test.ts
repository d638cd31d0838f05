import { context, defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { suppressTracing, TraceState, W3CTraceContextPropagator } from "@opentelemetry/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTraceContextPropagator } from "./trace-context.ts";

const ours = createTraceContextPropagator();
const official = new W3CTraceContextPropagator();

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

type Carrier = Record<string, string | string[]>;

function extracted(propagator: typeof official | typeof ours, carrier: Carrier) {
  const span = trace.getSpanContext(propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter));
  return span && { ...span, traceState: span.traceState?.serialize() };
}

function injected(propagator: typeof official | typeof ours, active = context.active()): Carrier {
  const carrier: Carrier = {};
  propagator.inject(active, carrier, defaultTextMapSetter);
  return carrier;
}

describe("W3C Trace Context is taken", () => {
  it.each<[string, Carrier, object | undefined]>([
    ["kept", { traceparent: `00-${TRACE}-${SPAN}-01` }, { traceId: TRACE, spanId: SPAN, traceFlags: 1 }],
    ["not kept", { traceparent: `00-${TRACE}-${SPAN}-00` }, { traceFlags: 0, isRemote: true }],
    ["with other flags", { traceparent: `00-${TRACE}-${SPAN}-03` }, { traceFlags: 3 }],
    ["of a later version", { traceparent: `cc-${TRACE}-${SPAN}-01-more` }, { traceId: TRACE }],
    ["between blanks", { traceparent: ` 00-${TRACE}-${SPAN}-01 ` }, { traceId: TRACE }],
    ["from the first of several", { traceparent: [`00-${TRACE}-${SPAN}-01`, "x"] }, { spanId: SPAN }],
    [
      "with its state",
      { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: ["a=1", "b=2"] },
      { traceState: "a=1,b=2" },
    ],
    ["not: nothing", {}, undefined],
    ["not: empty", { traceparent: "" }, undefined],
    ["not: a list of none", { traceparent: [] }, undefined],
    ["not: a version that is no number", { traceparent: `0x-${TRACE}-${SPAN}-01` }, undefined],
    ["not: version ff", { traceparent: `ff-${TRACE}-${SPAN}-01` }, undefined],
    ["not: version 00 with more", { traceparent: `00-${TRACE}-${SPAN}-01-more` }, undefined],
    ["not: capital digits", { traceparent: `00-${TRACE.toUpperCase()}-${SPAN}-01` }, undefined],
    ["not: a trace of zeros", { traceparent: `00-${"0".repeat(32)}-${SPAN}-01` }, undefined],
    ["not: a span of zeros", { traceparent: `00-${TRACE}-${"0".repeat(16)}-01` }, undefined],
    ["not: a letter beyond f", { traceparent: `00-${TRACE}-${SPAN.replace("b", "g")}-01` }, undefined],
    ["not: digits of another script", { traceparent: `00-${TRACE.replace("0", "٠")}-${SPAN}-01` }, undefined],
    ["not: a flag that is no digit", { traceparent: `00-${TRACE}-${SPAN}-0x` }, undefined],
    ["not: another that is no digit", { traceparent: `00-${TRACE}-${SPAN}-x0` }, undefined],
    ["not: a blank for the first dash", { traceparent: `00 ${TRACE}-${SPAN}-01` }, undefined],
    ["not: a blank for the second", { traceparent: `00-${TRACE} ${SPAN}-01` }, undefined],
    ["not: a blank for the third", { traceparent: `00-${TRACE}-${SPAN} 01` }, undefined],
    ["not: another version's length", { traceparent: `000${TRACE}-${SPAN}-01` }, undefined],
    ["not: a line end after it", { traceparent: `00-${TRACE}-${SPAN}-01\n\n` }, undefined],
  ])("%s", (_what, carrier, expected) => {
    const span = extracted(ours, carrier);
    if (expected === undefined) expect(span).toBeUndefined();
    else expect(span).toMatchObject(expected);
    expect(span).toEqual(extracted(official, carrier));
  });

  it("as OpenTelemetry's own takes it, whatever the header is", () => {
    const digits = (length: number) =>
      fc.string({ unit: fc.constantFrom(..."0123456789abcdefAG-é٠"), minLength: length, maxLength: length });
    const near = fc
      .tuple(
        fc.constantFrom("00", "01", "ff", "0"),
        digits(32),
        digits(16),
        digits(2),
        fc.constantFrom("", "-x"),
      )
      .map(([version, traceId, spanId, flags, rest]) => `${version}-${traceId}-${spanId}-${flags}${rest}`);
    const valid = fc.constantFrom(`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-ff`);
    fc.assert(
      fc.property(fc.oneof(near, valid, fc.string()), fc.option(fc.string()), (traceparent, tracestate) => {
        const carrier = { traceparent, ...(tracestate !== null && { tracestate }) };
        expect(extracted(ours, carrier)).toEqual(extracted(official, carrier));
      }),
    );
  });
});

describe("W3C Trace Context is sent", () => {
  const activeSpan = (span: object) =>
    trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: SPAN, traceFlags: 1, ...span });

  it.each<[string, object, Carrier]>([
    ["kept", {}, { traceparent: `00-${TRACE}-${SPAN}-01` }],
    ["not kept", { traceFlags: 0 }, { traceparent: `00-${TRACE}-${SPAN}-00` }],
    [
      "with its state",
      { traceState: new TraceState("a=1") },
      { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: "a=1" },
    ],
    [
      "of capitals",
      { traceId: TRACE.toUpperCase() },
      { traceparent: `00-${TRACE.toUpperCase()}-${SPAN}-01` },
    ],
    ["not: digits that are none", { traceId: TRACE.replace("0", "٠") }, {}],
    ["not: a dash in an id", { spanId: SPAN.replace("b", "-") }, {}],
    ["not: a trace of zeros", { traceId: "0".repeat(32) }, {}],
    ["not: a span of zeros", { spanId: "0".repeat(16) }, {}],
    ["not: what would be a header of its own", { spanId: `${SPAN.slice(2)}\r\n` }, {}],
    ["not: too long a span", { spanId: `${SPAN}0` }, {}],
  ])("%s", (_what, span, expected) => {
    expect(injected(ours, activeSpan(span))).toEqual(expected);
    expect(injected(official, activeSpan(span))).toEqual(expected);
  });

  it("not when there is no span, or its trace is suppressed", () => {
    expect(injected(ours, ROOT_CONTEXT)).toEqual({});
    expect(injected(ours, suppressTracing(activeSpan({})))).toEqual({});
  });
});
