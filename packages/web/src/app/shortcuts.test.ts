import { expect, test } from "vitest";
import { type Command, matchingCommands } from "./matching-commands.ts";
import { keyName } from "./shortcuts.ts";

const plain = { ctrlKey: false, metaKey: false, altKey: false };

test.each([
  [{ ...plain, key: "j" }, "j"],
  [{ ...plain, key: "G" }, "G"],
  [{ ...plain, key: "?" }, "?"],
  [{ ...plain, key: "K", ctrlKey: true }, "mod+k"],
  [{ ...plain, key: "k", metaKey: true }, "mod+k"],
  [{ ...plain, key: "x", altKey: true }, "alt+x"],
  [{ ...plain, key: "Enter" }, "Enter"],
])("%o is %s", (event, expected) => {
  expect(keyName(event)).toBe(expected);
});

const command = (group: string, title: string): Command => ({ group, title, run: () => undefined });
const all = [command("Page", "Search"), command("Look", "Dark theme"), command("Time", "Last 15 minutes")];

test.each([
  ["", ["Search", "Dark theme", "Last 15 minutes"]],
  ["dark", ["Dark theme"]],
  ["theme da", ["Dark theme"]],
  ["time", ["Last 15 minutes"]],
  ["zzz", []],
])("typing %o finds %o", (typed, expected) => {
  expect(matchingCommands(() => all, typed).map(({ title }) => title)).toEqual(expected);
});
