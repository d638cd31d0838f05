import { expect, test } from "vitest";
import { parseLine } from "./line.ts";
import { createLineSplitter } from "./lines.ts";

const HEAD = "Nov 21 2026 09:13:10 GMT: ";

test.each([
  [
    "WARN (8399) [as_cluster.c:414] [as_cluster_seed_node] - Failed to connect",
    { level: "warn", processId: 8399, file: "as_cluster.c", line: 414, function: "as_cluster_seed_node" },
  ],
  ["ERROR(1) [command.cc:88] [ErrorCallback] - x", { level: "error", processId: 1, file: "command.cc" }],
  ["INFO (1) [a.c:1] [f] - ", { level: "info", message: "" }],
  ["DEBUG(1) [a.c:1] [f] - one - [two] - three", { level: "debug", message: "one - [two] - three" }],
  ["TRACE(1) [a.c:1] [operator()] - x", { level: "trace", function: "operator()" }],
])("reads %s", (text, expected) => {
  expect(parseLine(HEAD + text)).toMatchObject({ second: Date.UTC(2026, 10, 21, 9, 13, 10), ...expected });
});

test.each([
  "",
  "the rest of a message",
  `${HEAD}LOUD (1) [a.c:1] [f] - unknown level`,
  `${HEAD}WARN (x) [a.c:1] [f] - no process`,
  "Foo 99 2026 09:13:10 GMT: WARN (1) [a.c:1] [f] - no date",
])("takes for no line of the client: %s", (text) => {
  expect(parseLine(text)).toBeUndefined();
});

test("lines are whole whatever pieces they come in, and blank ones are left out", () => {
  const lines: string[] = [];
  const split = createLineSplitter((line) => lines.push(line));
  for (const piece of ["a", "b\n\nc", "\nd"]) split(piece);
  expect(lines).toEqual(["ab", "c"]);
});

test("a line without end takes no more memory than it may", () => {
  const lines: string[] = [];
  const split = createLineSplitter((line) => lines.push(line));
  for (let i = 0; i < 100; i++) split("x".repeat(1_000));
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(line).toHaveLength(8_192);
});
