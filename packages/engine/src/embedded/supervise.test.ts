import { afterEach, expect, test } from "vitest";
import { silentLog } from "../log.ts";
import { createStatusBoard } from "../status.ts";
import { createEngines } from "../testing/engines.ts";
import { until } from "../testing/until.ts";
import { openHome } from "./home.ts";
import { findLibrary } from "./platform.ts";
import { PULSE } from "./pulse.ts";
import { supervise } from "./supervise.ts";

const engines = createEngines();
afterEach(engines.close);

/** Longer ones would only make the tests longer. */
const pauses = { first: 1, cap: 10 };

/** Keeps an engine running on a disk that is full until told otherwise. */
async function superviseOnFullDisk() {
  const directory = await engines.directory();
  const library = findLibrary();
  const home = await openHome(directory, library.version);
  const board = createStatusBoard("embedded");
  const stopping = new AbortController();
  const disk = { isFull: true, writes: 0 };
  const run = supervise({
    ...{ directory, library: library.path, database: "polylog", memoryBytes: 1 << 30, pulse: PULSE, pauses },
    home: {
      ...home,
      async writePrivate(file, text) {
        disk.writes++;
        if (disk.isFull)
          throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
        await home.writePrivate(file, text);
      },
    },
    ...{ log: silentLog, board, signal: stopping.signal, onRunning: () => {} },
  });
  return {
    ...{ board, disk, run },
    async stop() {
      stopping.abort();
      await run;
      await home.close();
    },
  };
}

test("an engine without room on its disk is tried until there is some, and says why", async () => {
  const { board, disk, stop } = await superviseOnFullDisk();
  await until(() => disk.writes > 20);
  expect(board.current()).toMatchObject({
    state: "restarting",
    error: {
      code: "POLYLOG_E_ENGINE_UNAVAILABLE",
      message: expect.stringContaining("is full"),
      remedy: expect.stringContaining("Make room"),
    },
  });
  disk.isFull = false;
  await board.whenReady(30_000);
  expect(board.current().error).toBeNull();
  await stop();
});

test("an engine that has run is never given up, however often it dies", async () => {
  const { board, disk, stop } = await superviseOnFullDisk();
  disk.isFull = false;
  for (let times = 1; times <= 10; times++) {
    await board.whenReady(30_000);
    const { pid, restarts } = board.current();
    // As a fault of its own ends it.
    process.kill(pid ?? 0, "SIGABRT");
    await until(() => board.current().restarts > restarts);
  }
  await board.whenReady(30_000);
  await stop();
}, 120_000);

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
