import { beforeEach, describe, expect, it } from "vitest";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import { type NestLogger, nestLogger } from "./nest.ts";

const { polylog, records } = isolatedPolylog();
const logger = nestLogger({ polylog });
const broken = new TypeError("broken");
const stack = "RangeError: too much\n    at find (/app/cats.ts:7:9)\n    at node:internal/x:1:1";
beforeEach(() => {
  records.length = 0;
});

describe("a call as of Nest", () => {
  it.each<[string, (log: NestLogger) => void, object]>([
    ["log", (log) => log.log("started"), { level: "info", logger: "nest", message: "started" }],
    ["verbose", (log) => log.verbose("x"), { level: "trace" }],
    ["fatal", (log) => log.fatal("x"), { level: "fatal" }],
    ["its context", (log) => log.log("mapped", "RouterExplorer"), { logger: "nest.RouterExplorer" }],
    ["fields", (log) => log.debug("x", { a: 1 }, "Cats"), { logger: "nest.Cats", metadata: { a: 1 } }],
    ["an object for a message", (log) => log.log({ a: 1 }, "Cats"), { message: "", metadata: { a: 1 } }],
    ["other values", (log) => log.log("x", 1, [2], "Cats"), { metadata: { values: [1, [2]] } }],
    ["an error", (log) => log.error(broken, "Cats"), { message: "broken", error: broken }],
    [
      "an error behind a message",
      (log) => log.error("failed", broken, "Cats"),
      { message: "failed", error: broken },
    ],
    ["no stack", (log) => log.error("failed", undefined, "Cats"), { logger: "nest.Cats", error: undefined }],
    ["a context alone", (log) => log.error("failed", "Cats"), { logger: "nest.Cats", error: undefined }],
    ["undefined", (log) => log.log(undefined), { message: "undefined" }],
  ])("%s", (_, call, record) => {
    call(logger);
    expect(records).toEqual([expect.objectContaining(record)]);
  });

  it.each<[string, (log: NestLogger) => void, string]>([
    ["with a context", (log) => log.error("too much", stack, "Cats"), "nest.Cats"],
    ["without", (log) => log.error("too much", stack), "nest"],
    ["with an empty context", (log) => log.error("too much", stack, undefined), "nest"],
  ])("a stack for an error, %s", (_, call, name) => {
    call(logger);
    expect(records).toMatchObject([
      { logger: name, message: "too much", error: { name: "RangeError", message: "too much", stack } },
    ]);
  });
});

it("a context's level can be set like that of any logger", () => {
  polylog.getLogger("nest.RouterExplorer").setLevel("warn");
  logger.log("mapped", "RouterExplorer");
  logger.log("started", "NestApplication");
  expect(records.map(({ message }) => message)).toEqual(["started"]);
});

it("fields can't reach into prototypes", () => {
  logger.log("x", JSON.parse('{"__proto__": {"polluted": true}}'));
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(records).toHaveLength(1);
});
