import { expect, it } from "vitest";
import { colours } from "./colours.ts";
import { tableLines } from "./record-output.ts";
import type { Terminal } from "./terminal.ts";
import { row } from "./testing/fake-server.ts";
import { utc } from "./unified-line.ts";

const terminal: Terminal = {
  environment: {},
  colours: colours(false),
  noteColours: colours(false),
  width: () => 80,
  isWatched: true,
  print: () => {},
  note: () => {},
  whenUnread: () => {},
};

it("aligns columns under their names, cuts long ones, and keeps the last whole", () => {
  const rows = [
    row({ service: "a", attributes: { path: "/x".repeat(40) }, body: "one\ntwo" }),
    row({ service: "checkout", attributes: {}, body: "m".repeat(100) }),
  ];
  const path = `${"/x".repeat(19)}/…`;
  expect(tableLines(rows, ["service", "path", "message"], terminal, utc)).toEqual([
    `service   ${"path".padEnd(40)}  message`,
    `a         ${path}  one\\ntwo`,
    `checkout  ${"".padEnd(40)}  ${"m".repeat(100)}`,
  ]);
});
