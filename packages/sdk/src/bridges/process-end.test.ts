import { describe, expect, test } from "vitest";
import { runProgram } from "./testing/run-program.ts";

const UNCAUGHT = 'import { bridgeUncaught } from "polylog/process";\nbridgeUncaught();\n';

describe("a process with bridges ends as it would have", () => {
  test.each<[string, string]>([
    ["an uncaught error", 'throw new Error("boom");'],
    ["an uncaught error later", 'setTimeout(() => { throw new Error("boom"); }, 1);'],
    ["an unhandled rejection", 'Promise.reject(new Error("boom"));'],
    ["a thrown text", 'throw "boom";'],
    [
      "an exit code set before",
      'process.exitCode = 7; process.on("exit", () => {}); throw new Error("boom");',
    ],
    [
      "a handler that exits",
      'process.on("uncaughtException", () => process.exit(9)); throw new Error("boom");',
    ],
    ["a handler that goes on", 'process.on("uncaughtException", () => {}); throw new Error("boom");'],
  ])("by %s, which is logged", async (_name, program) => {
    const [plain, bridged] = await Promise.all([runProgram(program), runProgram(UNCAUGHT + program)]);
    expect([bridged.code, bridged.signal]).toEqual([plain.code, plain.signal]);
    expect(bridged.records).toEqual([
      expect.stringMatching(/^CRIT {2}\[N\] node\.uncaught .*: boom origin=/),
    ]);
  });

  test("a rejection that the application handles isn't logged", async () => {
    const program = 'process.on("unhandledRejection", () => {}); Promise.reject(new Error("boom"));';
    const { code, records } = await runProgram(UNCAUGHT + program);
    expect([code, records]).toEqual([0, []]);
  });

  test("nothing of a burst by pino is lost, however the process ends", async () => {
    const burst = `import { pino } from "pino";
      import { polylogDestination } from "polylog/pino";
      const log = pino({ name: "app" }, polylogDestination());
      for (let at = 0; at < 2000; at++) log.info({ at }, "burst");\n`;
    const ends = [
      "",
      "process.exit(3);",
      'throw new Error("boom");',
      'process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 9000);',
    ];
    const outcomes = await Promise.all(ends.map((end) => runProgram(burst + end)));
    expect(outcomes.map(({ records }) => records.length)).toEqual([2_000, 2_000, 2_000, 2_000]);
    expect(outcomes.map(({ code, signal }) => code ?? signal)).toEqual([0, 3, 1, "SIGTERM"]);
  });

  test("warnings are told once, by Polylog alone", async () => {
    const program = `import { bridgeWarnings } from "polylog/process";
      bridgeWarnings();
      new Buffer(1);`;
    const { records, stderr } = await runProgram(program);
    expect(records).toEqual([
      expect.stringMatching(/^WARN {2}\[N\] node\.warning Buffer\(\) .*code=DEP0005$/),
    ]);
    expect(stderr).not.toContain("--trace-deprecation");
  });
});
