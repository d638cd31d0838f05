import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CALLS } from "../peers/calls.mjs";
import { installPeers } from "../peers/install.mjs";
import { matrixOf } from "../peers/matrix.mjs";
import { median } from "../report.mjs";

const OURS = ["polylog json", "polylog text"];
const PEERS = ["pino tuned", "pino batched", "pino", "winston", "bunyan", "log4js", "LogTape"];
const MEASURE = fileURLToPath(new URL("../peers/measure.mjs", import.meta.url));
const FILE = "c to a real file, flushed";

/** How many times faster than a peer ours has to be; JSON against JSON. */
const RATIO_BARS = {
  "b: message": { "pino tuned": 2, pino: 5 },
  "c: five fields": { "pino tuned": 2, pino: 5 },
  "d: child with three bindings": { "pino tuned": 2, pino: 5 },
  "e: error with stack": { "pino tuned": 1.2 },
  "f: ten deep object": { "pino tuned": 1.2 },
  "c, context, metadata, redaction": { "pino tuned": 1 },
  [FILE]: { pino: 3 },
};
/** In nanoseconds. */
const BARS = { "a: disabled level": 1 };

/**
 * What a log call costs: calls into the null device and into a file, until all is written. The loggers take turns,
 * each figure comes from a process of its own, and the median of the rounds counts.
 */
export async function run({ isQuick, report }) {
  installPeers();
  const rounds = isQuick ? 1 : 5;
  const milliseconds = isQuick ? 100 : 500;
  const folder = await mkdtemp(join(tmpdir(), "polylog-bench-"));
  try {
    await checkLines(join(folder, "lines"));
    for (const call of Object.keys(CALLS)) {
      const times = await interleaved(rounds, loggersOf(call), (logger) =>
        measure({ action: "time", logger, call, path: "/dev/null", milliseconds }),
      );
      addRows(report, call, times);
    }
    const times = await interleaved(rounds, loggersOf(FILE), async (logger, round) => {
      const path = join(folder, `${logger}-${round}`.replaceAll(" ", "-"));
      const task = { action: "time", logger, call: "c: five fields", path, milliseconds, isCounted: true };
      const measured = await measure(task);
      if (measured.lines !== measured.calls)
        throw new Error(`${logger} wrote ${measured.lines} of ${measured.calls} lines`);
      await rm(path);
      return measured;
    });
    addRows(report, FILE, times);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One line a case, one column a logger. */
export function tableOf(rows) {
  const ratio = (peer) => (row) => `${row(OURS[0], peer)?.ratio ?? ""}${missed(row(OURS[0], peer))}`;
  const processorRatio = (peer) => (row) => String(row(OURS[0], peer)?.processorRatio ?? "");
  return matrixOf(rows, [...OURS, ...PEERS], {
    heading: "ns a call",
    extra: {
      "× pino tuned": ratio("pino tuned"),
      "CPU × pino tuned": processorRatio("pino tuned"),
      "× pino": ratio("pino"),
      "CPU × pino": processorRatio("pino"),
    },
  });
}

const missed = (row) =>
  row?.ratioBar !== undefined && row.ratio < row.ratioBar ? ` (aim ${row.ratioBar})` : "";

const loggersOf = (call) => [...OURS, ...(CALLS[call]?.isFull ? PEERS.slice(0, 3) : PEERS)];

/** A figure counts only for a logger that writes what it was given. */
async function checkLines(path) {
  for (const [call, { shows }] of Object.entries(CALLS)) {
    if (shows.length === 0) continue;
    const checks = loggersOf(call).map(async (logger) => {
      const { lines } = await measure({
        action: "lines",
        logger,
        call,
        path: `${path}-${logger}-${call}`.replace(/[ :,]+/g, "-"),
      });
      const missing = shows.filter((part) => !lines.includes(part));
      if (missing.length > 0)
        throw new Error(`${logger}, ${call}: ${missing.join(", ")} is not in ${lines.slice(0, 500)}`);
    });
    await Promise.all(checks);
  }
}

/** The medians of `rounds` in each of which every logger has its turn. */
async function interleaved(rounds, loggers, measureOne) {
  const figures = Object.fromEntries(loggers.map((logger) => [logger, []]));
  for (let round = 0; round < rounds; round++) {
    for (const logger of loggers) figures[logger].push(await measureOne(logger, round));
  }
  const middle = (found, key) => median(found.map((figure) => figure[key]));
  return Object.fromEntries(
    Object.entries(figures).map(([logger, found]) => [
      logger,
      { nanoseconds: middle(found, "nanoseconds"), processor: middle(found, "processor") },
    ]),
  );
}

function addRows(report, name, figures) {
  for (const logger of OURS) {
    const isLike = logger === OURS[0];
    const ours = figures[logger];
    for (const peer of PEERS.filter((candidate) => candidate in figures)) {
      const theirs = figures[peer];
      report.add(name, ours.nanoseconds, "ns", {
        logger,
        ...(isLike && BARS[name] !== undefined ? { bar: BARS[name] } : {}),
        peer,
        peerValue: rounded(theirs.nanoseconds),
        ratio: rounded(theirs.nanoseconds / ours.nanoseconds),
        ...(isLike && RATIO_BARS[name]?.[peer] !== undefined ? { ratioBar: RATIO_BARS[name][peer] } : {}),
        // Says more than the clock where others use the machine too, but misses what a logger waits for.
        processor: rounded(ours.processor),
        peerProcessor: rounded(theirs.processor),
        processorRatio: rounded(theirs.processor / ours.processor),
      });
    }
  }
}

const rounded = (value) => Number(value.toPrecision(3));

function measure(task) {
  return new Promise((resolve, reject) => {
    const child = fork(MEASURE, [JSON.stringify(task)], { execArgv: ["--expose-gc"] });
    let result;
    child.once("message", (message) => {
      result = message;
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (result !== undefined) resolve(result);
      else reject(new Error(`${task.logger}, ${task.call}: ended with ${code ?? signal} before its figure`));
    });
  });
}
