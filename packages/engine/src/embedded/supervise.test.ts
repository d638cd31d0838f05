import { afterEach, expect, test } from "vitest";
import { silentLog } from "../log.ts";
import { createStatusBoard } from "../status.ts";
import { createEngines } from "../testing/engines.ts";
import { openHome } from "./home.ts";
import { PULSE } from "./pulse.ts";
import { supervise } from "./supervise.ts";

const engines = createEngines();
afterEach(engines.close);

test("an engine that never starts is given up, with what it said", async () => {
  const directory = await engines.directory();
  const home = await openHome(directory, "26.7.0");
  const board = createStatusBoard("embedded");
  const run = supervise({
    home,
    directory,
    library: "/nowhere/libchdb.so",
    database: "polylog",
    memoryBytes: 1 << 30,
    pulse: PULSE,
    log: silentLog,
    board,
    signal: new AbortController().signal,
    onRunning: () => {},
  });
  await expect(run).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_CRASHED",
    message: expect.stringContaining("/nowhere/libchdb.so"),
  });
  expect(board.current().restarts).toBe(3);
  await home.close();
});
