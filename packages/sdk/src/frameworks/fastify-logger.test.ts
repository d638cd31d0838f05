import Fastify from "fastify";
import { beforeEach, describe, expect, it } from "vitest";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import { type FastifyLogger, fastifyLogger } from "./fastify-logger.ts";

const { polylog, records } = isolatedPolylog();
const logger = fastifyLogger({ polylog, logger: "app" });
const broken = new TypeError("broken");
beforeEach(() => {
  records.length = 0;
});

describe("a call as to pino", () => {
  it.each<[string, (log: FastifyLogger) => void, object]>([
    ["a message", (log) => log.info("paid"), { level: "info", message: "paid", metadata: undefined }],
    ["a message with values", (log) => log.info("paid %d of %s", 3, "ann"), { message: "paid 3 of ann" }],
    ["fields", (log) => log.warn({ a: 1 }, "paid"), { level: "warn", message: "paid", metadata: { a: 1 } }],
    ["fields and values", (log) => log.info({ a: 1 }, "paid %s", "ann"), { message: "paid ann" }],
    ["fields alone", (log) => log.info({ a: 1 }), { message: "", metadata: { a: 1 } }],
    ["an error", (log) => log.error(broken), { level: "error", message: "broken", error: broken }],
    ["an error and a message", (log) => log.error(broken, "failed"), { message: "failed", error: broken }],
    [
      "err",
      (log) => log.error({ err: broken, a: 1 }),
      { message: "broken", error: broken, metadata: { a: 1 } },
    ],
    [
      "err that is none",
      (log) => log.error({ err: "no" }, "x"),
      { error: undefined, metadata: { err: "no" } },
    ],
    [
      "err and a message",
      (log) => log.error({ err: broken }, "failed"),
      { message: "failed", error: broken },
    ],
    ["fatal", (log) => log.fatal("end"), { level: "fatal" }],
    ["a number", (log) => log.info(7), { message: "7" }],
  ])("%s", (_, call, record) => {
    call(logger);
    expect(records).toEqual([expect.objectContaining({ logger: "app", ...record })]);
  });

  it("that is silent logs nothing", () => {
    logger.silent("x");
    expect(records).toEqual([]);
  });
});

describe("a child", () => {
  it("carries its bindings and those of its parents", () => {
    logger.child({ a: 1 }).child({ b: 2 }).info({ c: 3 }, "x");
    expect(records[0]?.metadata).toEqual({ a: 1, b: 2, c: 3 });
  });

  it("logs what its serializers make of values", () => {
    const serializers = {
      req: (request: { url: string }) => request.url,
      res: () => {
        throw new Error("no reply");
      },
    };
    logger.child({ req: { url: "/a" } }, { serializers }).info({ res: {} }, "x");
    expect(records[0]?.metadata).toEqual({ req: "/a", res: "[its serializer failed: Error: no reply]" });
  });

  it("can be stricter than its parent", () => {
    const child = logger.child({}, { level: "warn" });
    child.info("no");
    child.child({ a: 1 }).info("no");
    child.warn("yes");
    logger.info("yes");
    expect(records.map(({ message }) => message)).toEqual(["yes", "yes"]);
    expect([logger.level, child.level]).toEqual(["trace", "warn"]);
  });

  it("changes its level alone", () => {
    const child = logger.child({});
    child.level = "error";
    child.warn("no");
    logger.warn("yes");
    child.level = "nonsense";
    expect(child.level).toBe("error");
    expect(records.map(({ message }) => message)).toEqual(["yes"]);
  });
});

it("says `silent` when its logger lets nothing through", () => {
  const quiet = isolatedPolylog({ level: "off" });
  expect(fastifyLogger({ polylog: quiet.polylog }).level).toBe("silent");
});

it("takes Fastify's own lines: requests shortened, errors with their stack", async () => {
  const app = Fastify({ loggerInstance: logger });
  app.get("/broken", async () => {
    throw broken;
  });
  await app.inject("/broken");
  expect(records.map(({ message }) => message)).toContain("incoming request");
  const failed = records.find(({ error }) => error === broken);
  expect(failed).toMatchObject({ level: "error", metadata: { reqId: "req-1", res: { statusCode: 500 } } });
  expect(failed?.metadata?.req).toMatchObject({ method: "GET", url: "/broken" });
  await app.close();
});
