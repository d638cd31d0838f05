import { expect, it } from "vitest";
import { takesColour } from "./colours.ts";

it.each<[isTTY: boolean, environment: Record<string, string>, expected: boolean]>([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [false, { FORCE_COLOR: "1" }, true],
  [true, { FORCE_COLOR: "0" }, false],
  [true, { FORCE_COLOR: "false" }, false],
  [false, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  [true, { TERM: "dumb" }, false],
  [false, { CI: "true" }, false],
])("a stream that is a terminal (%s) takes colour with %j: %s", (isTTY, environment, expected) => {
  expect(takesColour({ isTTY }, environment)).toBe(expected);
});
