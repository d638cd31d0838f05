import { createReadStream, readFileSync } from "node:fs";
import { CALLS, FULL } from "./calls.mjs";
import { LOGGERS } from "./loggers.mjs";

/**
 * A process of its own for each figure. Takes what to do as JSON, says what it found as JSON on its IPC channel:
 * standard output belongs to the loggers.
 *
 * - `time`: nanoseconds a call, on the clock and of processor time, over `milliseconds` of calls and the closing of
 *   the logger after them
 * - `file`: the same for `count` calls, and the lines that are in the file then
 * - `lines`: what ten calls write
 */
const { action, logger, call, path, milliseconds, count } = JSON.parse(process.argv[2] ?? "{}");
const { calls: say, open } = LOGGERS[logger];
const { make, perTurn = 100, isFull = false } = CALLS[call];
/** How many times longer than a figure its warm-up takes: V8 goes on optimizing for some hundred thousand calls. */
const WARM_UP = 5;
/** Calls of a warm-up, and of a figure, at least. */
const FEWEST = 20_000;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const actions = {
  async time() {
    await timed(path, endsAfter(milliseconds * WARM_UP));
    return timed(path, endsAfter(milliseconds));
  },
  async file() {
    await timed(`${path}.warm-up`, (done) => done >= count / 10);
    const figures = await timed(path, (done) => done >= count);
    return { ...figures, lines: await countLines(path) };
  },
  async lines() {
    await timed(path, (done) => done >= 10);
    return { lines: readFileSync(path, "utf8") };
  },
};
process.send(await actions[action](), () => process.exit());

/** Opens the logger, calls it until `isDone(calls)`, closes it. */
async function timed(destination, isDone) {
  const opened = await open(destination, isFull ? FULL : {});
  const work = () => callUntil(make(say, opened), isDone);
  globalThis.gc?.();
  const before = process.cpuUsage();
  const begin = process.hrtime.bigint();
  const done = await (opened.within === undefined ? work() : opened.within(work));
  await opened.close();
  const nanoseconds = Number(process.hrtime.bigint() - begin) / done;
  const { user, system } = process.cpuUsage(before);
  return { nanoseconds, processor: ((user + system) * 1_000) / done };
}

async function callUntil(repeat, isDone) {
  let done = 0;
  while (!isDone(done)) {
    repeat(perTurn);
    done += perTurn;
    await nextTurn();
  }
  return done;
}

/** Counts from the first time it is asked. On a busy machine the time alone could leave nothing compiled. */
function endsAfter(duration) {
  let end;
  return (done) => {
    end ??= performance.now() + duration;
    return done >= FEWEST && performance.now() >= end;
  };
}

async function countLines(file) {
  let lines = 0;
  for await (const chunk of createReadStream(file)) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  }
  return lines;
}
