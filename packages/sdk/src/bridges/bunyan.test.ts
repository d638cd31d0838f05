import bunyan from "bunyan";
import { describe, expect, test } from "vitest";
import { polylogStream } from "./bunyan.ts";
import { recording } from "./testing/recording.ts";

function bridged(serializers?: bunyan.Serializers) {
  const { polylog, ...rest } = recording();
  const stream = polylogStream({ polylog });
  const app = bunyan.createLogger({
    name: "myapp.billing",
    streams: [{ type: "raw", level: "trace", stream }],
    ...(serializers && { serializers }),
  });
  return { app, stream, polylog, ...rest };
}

describe("bunyan writes to Polylog", () => {
  test.each(["trace", "debug", "info", "warn", "error", "fatal"] as const)("%s keeps its level", (level) => {
    const { app, records } = bridged();
    app[level]({ orderId: 17 }, "paid %d", 3);
    expect(records).toEqual([
      {
        logger: "myapp.billing",
        level,
        system: "node",
        message: "paid 3",
        time: expect.any(Number),
        error: undefined,
        metadata: { orderId: 17 },
      },
    ]);
    expect(Math.abs(records[0]!.time! - Date.now())).toBeLessThan(2_000);
  });

  test("an error is an error again, by whatever way it was given", () => {
    const { app, records } = bridged({ err: bunyan.stdSerializers.err });
    const boom = Object.assign(new TypeError("boom"), { code: "E_BOOM" });
    app.error(boom);
    app.error({ err: boom, orderId: 17 }, "failed");
    bridged().app.error({ err: boom }, "raw");
    expect(records).toMatchObject([
      { message: "boom", metadata: undefined },
      { message: "failed", metadata: { orderId: 17 } },
    ]);
    for (const { error } of records) {
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name: "TypeError", message: "boom", code: "E_BOOM" });
      expect((error as Error).stack).toContain("bunyan.test.ts");
    }
  });

  test("an error that no serializer touched is the very same", () => {
    const { app, records } = bridged();
    const boom = new Error("boom");
    app.error({ err: boom }, "raw");
    expect(records[0]!.error).toBe(boom);
  });

  test("children's fields are metadata", () => {
    const { app, records } = bridged();
    app.child({ component: "db" }).info({ rows: 3 }, "read");
    expect(records).toMatchObject([{ logger: "myapp.billing", metadata: { component: "db", rows: 3 } }]);
  });

  test("fields called like a record's own stay metadata", () => {
    const { app, records } = bridged();
    const theirs = { message: "m", timestamp: "t", logger: "l", pid: 1, hostname: "elsewhere" };
    app.info(theirs, "hello");
    expect(records).toMatchObject([{ level: "info", message: "hello", metadata: theirs }]);
  });

  test("what the level drops isn't read", () => {
    const { stream, records, polylog } = bridged();
    polylog.setLogLevel("error");
    const record = {
      name: "a",
      level: 30,
      msg: "x",
      time: new Date(),
      get field() {
        throw new Error("was read");
      },
    };
    expect(stream.write(record)).toBe(true);
    expect(records).toEqual([]);
  });

  test("a sink that writes to the same bunyan gets nothing back", () => {
    const log = recording();
    const stream = polylogStream({ polylog: log.polylog });
    const app = bunyan.createLogger({ name: "a", streams: [{ type: "raw", level: "trace", stream }] });
    log.atEachRecord(({ message }) => app.info(message));
    app.info("once");
    expect(log.records).toHaveLength(1);
  });
});
