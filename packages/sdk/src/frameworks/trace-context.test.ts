import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { afterAll, expect, it } from "vitest";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import { createRequestLog } from "./request-log.ts";

const CALLER = { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174", traceFlags: 1 };
const ACTIVE = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const OK = { status: 200, route: undefined, bytes: undefined, aborted: false };

function begin() {
  const { polylog, records } = isolatedPolylog();
  const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
  const header = (name: string) => (name === "traceparent" ? traceparent : undefined);
  const open = createRequestLog(polylog).begin({ method: "GET", path: "/", header });
  return { open, records, log: polylog.getLogger("app") };
}

const storage = new AsyncLocalStorage<Context>();
const contextManager: ContextManager = {
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (active, work, self, ...values) => storage.run(active, () => work.apply(self, values)),
  bind: (_active, target) => target,
  enable: () => contextManager,
  disable: () => contextManager,
};
afterAll(() => context.disable());

it("the line of a request carries the caller's trace", () => {
  const { open, records } = begin();
  open.end(OK);
  expect(records.map((record) => record.trace)).toEqual([CALLER]);
  expect(records[0]?.metadata).not.toHaveProperty("trace");
});

it("so does what is logged in it", async () => {
  const { open, records, log } = begin();
  await open.run(async () => {
    await new Promise(setImmediate);
    log.info("inside");
  });
  expect(records.map((record) => record.trace)).toEqual([CALLER]);
  expect(records[0]?.metadata).not.toHaveProperty("trace");
});

it("a span of OpenTelemetry that is active counts more", () => {
  context.setGlobalContextManager(contextManager);
  const span = trace.setSpanContext(context.active(), ACTIVE);
  const { open, records } = context.with(span, () => {
    const begun = begin();
    begun.open.run(() => begun.log.info("inside"));
    return begun;
  });
  open.end(OK);
  expect(records.map((record) => record.trace)).toEqual([ACTIVE, ACTIVE]);
});
