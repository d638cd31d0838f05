import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, context, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import { afterEach, expect, it } from "vitest";
import { untraced } from "./untraced.ts";

const OTHER = createContextKey("other");
/** As @opentelemetry/core asks for it. */
const isSuppressed = () =>
  context.active().getValue(createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING")) === true;

/** Keeps contexts as @opentelemetry/context-async-hooks does. */
function useContexts(): void {
  const storage = new AsyncLocalStorage<Context>();
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...values) => storage.run(active, () => work.apply(self, values)),
    bind: (_, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
}
afterEach(() => context.disable());

it("makes instrumentations make no span, also after a pause, and changes nothing else", async () => {
  useContexts();
  await context.with(ROOT_CONTEXT.setValue(OTHER, "kept"), async () => {
    const within = await untraced(async () => {
      await Promise.resolve();
      return [isSuppressed(), context.active().getValue(OTHER)];
    });
    expect(within).toEqual([true, "kept"]);
    expect(isSuppressed()).toBe(false);
  });
});

it("does its work where there is no OpenTelemetry", () => {
  expect(untraced(() => "done")).toBe("done");
});
