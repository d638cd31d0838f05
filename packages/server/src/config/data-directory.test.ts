import { expect, it } from "vitest";
import { defaultDataDirectory } from "./data-directory.ts";

it.each<[platform: NodeJS.Platform, environment: Record<string, string>, expected: string]>([
  ["linux", {}, "/home/a/.local/share/polylog"],
  ["linux", { XDG_DATA_HOME: "/data" }, "/data/polylog"],
  ["linux", { XDG_DATA_HOME: "relative" }, "/home/a/.local/share/polylog"],
  ["darwin", { XDG_DATA_HOME: "/data" }, "/home/a/Library/Application Support/polylog"],
])("on %s with %j the data lies in %s", (platform, environment, expected) => {
  expect(defaultDataDirectory(platform, environment, "/home/a")).toBe(expected);
});
