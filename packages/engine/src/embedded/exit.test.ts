import { expect, it } from "vitest";
import { exitCause } from "./exit.ts";
import type { Exit } from "./process.ts";

const exit = (different: Partial<Exit>): Exit => ({
  code: 1,
  signal: null,
  output: [],
  reason: null,
  ...different,
});

it.each<[cause: string, end: Partial<Exit>]>([
  ["port-in-use", { output: ["Net Exception: Address already in use: 127.0.0.1:8123"] }],
  ["directory-locked", { output: ["Code: 76. DB::Exception: Cannot lock file /d/status. Another server"] }],
  ["disk-full", { output: ["Error: ENOSPC: no space left on device, write"] }],
  [
    "disk-full",
    {
      output: ["Code: 75. DB::ErrnoException: Cannot write: , errno: 28, strerror: No space left on device"],
    },
  ],
  ["starved", { output: ["Error: spawn /usr/bin/node EAGAIN"] }],
  [
    "starved",
    { output: ["Code: 241. DB::Exception: (total) memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)"] },
  ],
  ["starved", { code: null, signal: "SIGKILL" }],
  ["crash", { code: null, signal: "SIGKILL", reason: "it did not answer for 30 s" }],
  ["crash", { code: null, signal: "SIGSEGV" }],
  ["crash", { output: ["Error: /nowhere/libchdb.so: cannot open shared object file"] }],
])("%s: %j", (cause, end) => {
  expect(exitCause(exit(end))).toBe(cause);
});
