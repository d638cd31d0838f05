import { expect, it } from "vitest";
import { createPolylog } from "../core/create-polylog.ts";
import { bareHost } from "../host/bare.ts";

interface Order {
  readonly id: number;
}

/** Checked by the compiler; each `@ts-expect-error` fails the type check when the call below it is allowed. */
it("refuses wrong calls when they are compiled, and survives them when they are run", () => {
  const { log, getLogger } = createPolylog(bareHost());
  const order: Order = { id: 1 };
  const unknownError: unknown = new Error("boom");
  const calls = () => {
    log.info("message");
    log.info("message", { orderId: 1 });
    log.info("message", order);
    log.error("message", new Error("boom"));
    log.error("message", unknownError, { orderId: 1 });
    log.error(new TypeError("boom"), order);
    // @ts-expect-error nothing was said
    log.info();
    // @ts-expect-error a number is no message
    log.info(42);
    // @ts-expect-error fields come after the message
    log.info({ orderId: 1 }, "message");
    // @ts-expect-error a text is neither fields nor an error
    log.info("message", "more");
    // @ts-expect-error nor is a list
    log.info("message", [1, 2]);
    // @ts-expect-error nor a function
    log.info("message", () => 1);
    // @ts-expect-error there is no such level
    log.isEnabled("loud");
    // @ts-expect-error nor here
    log.setLevel("loud");
    // @ts-expect-error bindings are fields
    log.with("text");
    // @ts-expect-error a name is a text
    getLogger();
  };
  expect(calls).toThrow(/split|undefined/);
});
