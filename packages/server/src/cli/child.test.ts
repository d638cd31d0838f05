import { expect, it } from "vitest";
import { childEnvironment } from "./child.ts";

it.each<[given: NodeJS.ProcessEnv, isTTY: boolean, colourDepth: number, expected: NodeJS.ProcessEnv]>([
  [{}, true, 24, { FORCE_COLOR: "3", CLICOLOR_FORCE: "1" }],
  [{}, true, 8, { FORCE_COLOR: "2", CLICOLOR_FORCE: "1" }],
  [{}, true, 4, { FORCE_COLOR: "1", CLICOLOR_FORCE: "1" }],
  [{}, true, 1, {}],
  [{}, false, 24, {}],
  [{ NO_COLOR: "1" }, true, 24, { NO_COLOR: "1" }],
  [{ FORCE_COLOR: "0" }, true, 24, { FORCE_COLOR: "0" }],
  [{ A: "b" }, false, 24, { A: "b" }],
])("with %j on a terminal (%s) of depth %i a program is given %j", (given, isTTY, colourDepth, expected) => {
  expect(childEnvironment(given, { isTTY, colourDepth })).toEqual({ PYTHONUNBUFFERED: "1", ...expected });
});

it("leaves Python as it was set", () => {
  const { PYTHONUNBUFFERED } = childEnvironment({ PYTHONUNBUFFERED: "" }, { isTTY: false, colourDepth: 1 });
  expect(PYTHONUNBUFFERED).toBe("");
});
