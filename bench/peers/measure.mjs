import { createReadStream, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { CALLS, FULL } from "./calls.mjs";
import { LOGGERS } from "./loggers.mjs";

/**
 * A process of its own for each figure. Takes what to do as JSON, says what it found as JSON on its IPC channel:
 * standard output belongs to the loggers.
 *
 * - `time`: nanoseconds a call, on the clock and of processor time, over `milliseconds` of calls and the closing of
 *   the logger after them; with `isCounted`, also how many lines the file has and should have
 * - `lines`: what ten calls write
 *
 * A logger is opened once, as in a program: opened anew after its warm-up, V8 throws away most of what it has
 * optimized, and a short figure is about that.
 */
const { action, logger, call, path, milliseconds, isCounted } = JSON.parse(process.argv[2] ?? "{}");
const { calls: say, open } = LOGGERS[logger];
const { make, perTurn = 100, isFull = false, isBare = false } = CALLS[call];
/** A warm-up has so many calls, as V8 goes on optimizing for some hundred thousand of them… */
const WARM_UP = 400_000;
/** …unless that takes longer than so many times the figure. */
const LONGEST_WARM_UP = 2;
/** Calls of a warm-up, and of a figure, at least. On a busy machine the time alone could leave nothing compiled. */
const FEWEST = 5_000;
/** Milliseconds in which a logger at rest does next to nothing. */
const REST = 25;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const opened = await open(path, isFull ? FULL : {});
const within = opened.within ?? ((work) => work());
const repeat = make(say, opened);

const actions = {
  time: () => within(time),
  async lines() {
    await within(() => callUntil(repeat, (done) => done >= 10));
    await opened.close();
    return { lines: readFileSync(path, "utf8") };
  },
};
process.send(await actions[action](), () => process.exit());

/** The figures, without what a loop takes that calls nothing where the call takes less than that. */
async function time() {
  const figures = await timeOf(repeat, opened.close);
  if (!isBare) return figures;
  const loop = await timeOf(
    (times) => {
      for (let i = 0; i < times; i++);
    },
    () => {},
  );
  return {
    nanoseconds: figures.nanoseconds - loop.nanoseconds,
    processor: figures.processor - loop.processor,
  };
}

async function timeOf(work, close) {
  const warm = await callUntil(work, isWarm(milliseconds * LONGEST_WARM_UP));
  await atRest();
  globalThis.gc?.();
  const before = process.cpuUsage();
  const begin = process.hrtime.bigint();
  const done = await callUntil(work, endsAfter(milliseconds));
  await close();
  const nanoseconds = Number(process.hrtime.bigint() - begin) / done;
  const { user, system } = process.cpuUsage(before);
  return {
    nanoseconds,
    processor: ((user + system) * 1_000) / done,
    ...(isCounted ? { lines: await countLines(path), calls: warm + done } : {}),
  };
}

async function callUntil(work, isDone) {
  let done = 0;
  while (!isDone(done)) {
    work(perTurn);
    done += perTurn;
    await nextTurn();
  }
  return done;
}

/** Counts from the first time it is asked. */
function endsAfter(duration) {
  let end;
  return (done) => {
    end ??= performance.now() + duration;
    return done >= FEWEST && performance.now() >= end;
  };
}

function isWarm(longest) {
  const isLate = endsAfter(longest);
  return (done) => isLate(done) || done >= WARM_UP;
}

/** Some write what they were given long after the call: none may carry that over into its figure. */
async function atRest() {
  let used;
  do {
    const before = process.cpuUsage();
    await setTimeout(REST);
    const { user, system } = process.cpuUsage(before);
    used = (user + system) / 1_000;
  } while (used > REST / 5);
}

async function countLines(file) {
  let lines = 0;
  for await (const chunk of createReadStream(file)) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  }
  return lines;
}
