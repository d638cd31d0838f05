import { expect, it } from "vitest";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";

it.each<[what: string, id: unknown, expected: string | undefined]>([
  ["a number is its text", 7, "7"],
  ["an object is what it says of itself", new URL("http://shop/7"), "http://shop/7"],
  ["null is none", null, undefined],
  ["an object with a toString that is none, as JSON may have it, is none", { toString: 1 }, undefined],
  ["an object without any is none", Object.create(null), undefined],
])("of ids %s, and the record comes", (_, id, expected) => {
  const { polylog, records } = isolatedPolylog();
  const context = { invocation: id, runner: { class: id, id }, task: "t" };
  polylog.withContext(context as never, () => polylog.getLogger("a").info("m"));
  const { invocationId, runnerId, runnerClass, taskId } = records[0]?.context ?? {};
  expect([invocationId, runnerId, runnerClass, taskId]).toEqual([expected, expected, expected, "t"]);
});
