import { describe, expect, it } from "vitest";
import { type CarriedContext, readCarried } from "../logger/carried-context.ts";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import { carriedContext, childVariables } from "./child-environment.ts";
import { continueContext } from "./continue-context.ts";

const TRACE = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const TRACEPARENT = `00-${TRACE.traceId}-${TRACE.spanId}-01`;

describe("a context that is handed on", () => {
  it("is the same on the other side", () => {
    const { polylog, records } = isolatedPolylog();
    const context = {
      runner: { class: "ThreadRunner", id: "r-1" },
      invocation: "run-1",
      tenant: "acme",
      trace: TRACE,
    };
    const carried = polylog.withContext(context, () => carriedContext(polylog));
    expect(carried.TRACEPARENT).toBe(TRACEPARENT);
    continueContext(carried, () => polylog.log.info("there"), polylog);
    expect(records[0]).toMatchObject({
      context: { runnerClass: "ThreadRunner", runnerId: "r-1", invocationId: "run-1" },
      metadata: { tenant: "acme" },
      trace: TRACE,
    });
  });

  it("is nothing where there is none", () => {
    expect(carriedContext(isolatedPolylog().polylog)).toEqual({});
  });

  it("goes by its ids alone when it is too large", () => {
    const { polylog } = isolatedPolylog();
    const large = { invocation: "run-1", cart: "x".repeat(20_000) };
    expect(polylog.withContext(large, () => carriedContext(polylog))).toEqual({
      POLYLOG_CONTEXT: '{"invocation":"run-1"}',
    });
  });

  it.each<CarriedContext>([
    {},
    { TRACEPARENT: "00-x" },
    { POLYLOG_CONTEXT: "{" },
    { POLYLOG_CONTEXT: "[1]" },
    { POLYLOG_CONTEXT: "null" },
    { POLYLOG_CONTEXT: `{"a":"${"x".repeat(100_000)}"}` },
    { POLYLOG_CONTEXT: '{"trace":{"traceId":"x"}}' },
  ])("is empty where it is malformed: %#", (carried) => expect(readCarried(carried)).toEqual({}));
});

it("a child knows levels and application", () => {
  const { polylog } = isolatedPolylog({ appId: "shop", filter: "worker.db=trace" });
  polylog.setLogLevel("warn");
  polylog.getLogger("my_core::cluster").setLevel("debug");
  expect(childVariables(polylog)).toEqual({
    POLYLOG_APP_ID: "shop",
    POLYLOG_LEVEL: "warn",
    POLYLOG_FILTER: "worker.db=trace,my_core::cluster=debug",
  });
});
