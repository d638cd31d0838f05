import { AssertionError } from "node:assert";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { polylog } from "../api.ts";
import { memorySink } from "../sinks/memory.ts";
import { assertLogged, assertNotLogged, captureLogs, isolatedPolylog } from "./vitest.ts";

const log = polylog.getLogger("shop");

describe("captureLogs", () => {
  it("gives what the work logged, in its callbacks too", async () => {
    const logs = await captureLogs(async () => {
      log.info("first", { orderId: 17 });
      await new Promise(setImmediate);
      log.error("second", new TypeError("broken"));
    });
    expect(logs.messages()).toEqual(["first", "second"]);
    expect(logs.messages("error")).toEqual(["second"]);
    expect(logs).toHaveLogged({ logger: "shop", message: "first", metadata: { orderId: 17 } });
  });

  it("keeps what runs at the same time apart", async () => {
    const work = (name: string) => async () => {
      for (let i = 0; i < 5; i++) {
        log.info(`${name} ${i}`);
        await wait(1);
      }
    };
    const captures = await Promise.all(["a", "b", "c"].map((name) => captureLogs(work(name))));
    expect(captures.map((logs) => logs.messages())).toEqual(
      ["a", "b", "c"].map((name) => [0, 1, 2, 3, 4].map((i) => `${name} ${i}`)),
    );
  });

  it("sees nothing of what is logged outside of it", async () => {
    const logs = await captureLogs(() => {});
    log.info("outside");
    expect(logs.records).toEqual([]);
  });

  it("gives records of an inner capture to the outer one too", async () => {
    let inner: readonly string[] = [];
    const outer = await captureLogs(async () => {
      log.info("before");
      inner = (await captureLogs(() => log.info("inside"))).messages();
    });
    expect([outer.messages(), inner]).toEqual([["before", "inside"], ["inside"]]);
  });

  it("lowers the level for as long as it runs, for itself alone", async () => {
    const [curious, other] = await Promise.all([
      captureLogs(() => log.debug("detail"), { level: "debug" }),
      captureLogs(() => log.debug("detail"), { level: "info" }),
    ]);
    expect([curious.messages(), other.messages()]).toEqual([["detail"], []]);
    expect((await captureLogs(() => log.debug("detail"))).records).toEqual([]);
  });

  it("lets errors of the work through, and ends all the same", async () => {
    const failing = captureLogs(
      () => {
        throw new Error("broken");
      },
      { level: "trace" },
    );
    await expect(failing).rejects.toThrow("broken");
    expect(log.isEnabled("trace")).toBe(false);
  });

  it("shows its records while it runs", async () => {
    await captureLogs((logs) => {
      log.info("first");
      expect(logs).toHaveLogged("first");
      logs.clear();
      expect(logs).not.toHaveLogged("first");
    });
  });
});

describe("matchers", () => {
  const { polylog: isolated, records } = isolatedPolylog();
  isolated.log.warn("card declined", { orderId: 17 });

  it("take a list of records and a memory sink", () => {
    const memory = memorySink();
    isolated.configure({ sinks: { memory } });
    isolated.log.info("paid");
    expect(memory).toHaveLogged("paid");
    expect(records).toHaveLogged({ level: "warn", metadata: { orderId: expect.any(Number) } });
    expect(records).toHaveLoggedTimes(1, /declined/);
  });

  it.each([
    ["missing", () => expect(records).toHaveLogged("paid"), /^expected a record with message "paid", but/],
    ["unwanted", () => expect(records).not.toHaveLogged(/card/), /^expected no record with message \/card\//],
    ["too few", () => expect(records).toHaveLoggedTimes(2, /card/), /2 times, but it was logged 1 times/],
    ["no logs", () => expect("text").toHaveLogged("text"), /^expected captured logs, a memory sink/],
  ])("say what is wrong: %s", (_, assertion, message) => {
    expect(assertion).toThrow(message);
  });
});

describe("assertions", () => {
  const { polylog: isolated, records } = isolatedPolylog();
  isolated.log.warn("card declined");

  it("pass, or throw an AssertionError that points at the test", () => {
    assertLogged(records, { level: "warn" }, 1);
    assertNotLogged(records, { level: "error" });
    let thrown: unknown;
    try {
      assertLogged(records, "paid");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AssertionError);
    expect((thrown as Error).stack?.split("\n    at ")[1]).toContain("testing.test.ts");
    expect(() => assertNotLogged(records, { level: "warn" })).toThrow("expected no record");
  });
});
