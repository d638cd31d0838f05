import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { installPeers } from "../peers/install.mjs";
import { matrixOf } from "../peers/matrix.mjs";

const BURST = fileURLToPath(new URL("../peers/burst.mjs", import.meta.url));
const RECORDS = 2_000;
/** Milliseconds until a process that doesn't end counts as one that never does. */
const PATIENCE = 5_000;
const NO_END = "nothing";
const OURS = ["polylog json", "polylog text", "polylog record"];
const PEERS = ["pino", "pino sync", "pino tuned", "pino worker", "winston", "bunyan", "log4js", "LogTape"];
const ENDINGS = [
  "natural end",
  "process.exit(3)",
  "uncaught throw",
  "unhandled rejection",
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGKILL, a turn later",
  "SIGKILL",
];

/**
 * Records of 2,000 that are lost when the process ends right after logging them in one turn, into a file and into a
 * pipe whose reader is late; and whether the process still ends as it would have without a logger.
 */
export async function run({ isQuick, report }) {
  installPeers();
  const rounds = isQuick ? 1 : 3;
  const folder = await mkdtemp(join(tmpdir(), "polylog-bench-"));
  try {
    for (const destination of ["file", "pipe"]) {
      for (const ending of ENDINGS) {
        const wanted = await endOf({ logger: "none", destination: "pipe", ending, folder });
        const found = {};
        for (const logger of [...OURS, ...PEERS]) {
          found[logger] = await worstOf(rounds, wanted.end, { logger, destination, ending, folder });
        }
        addRows(report, ending, destination, found);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One line for each way to end, one column a logger. */
export function tableOf(rows) {
  const table = matrixOf(rows, [...OURS, ...PEERS], { heading: `lost of ${RECORDS.toLocaleString("en")}` });
  const changed = new Map(
    rows.flatMap((row) => [
      [`${row.case} ${row.logger}`, row.end],
      [`${row.case} ${row.peer}`, row.peerEnd],
    ]),
  );
  const cells = table.rows.map(([name, ...values]) => [
    name,
    ...values.map((value, index) => {
      const end = changed.get(`${name} ${[...OURS, ...PEERS][index]}`);
      if (end === undefined) return value;
      return end === NO_END ? `${value} (doesn't end)` : `${value} (ends with ${end})`;
    }),
  ]);
  return { columns: table.columns, rows: cells };
}

function addRows(report, ending, destination, found) {
  for (const logger of OURS) {
    for (const peer of PEERS) {
      report.add(`${ending}, ${destination}`, found[logger].lost, "records", {
        logger,
        // SIGKILL leaves nobody the time to write; only what is written with each call is safe from it.
        ...(ending === "SIGKILL" && logger !== "polylog record" ? {} : { bar: 0 }),
        end: found[logger].end,
        peer,
        peerValue: found[peer].lost,
        peerEnd: found[peer].end,
      });
    }
  }
}

/** The most that is lost in any of the rounds, and an end other than the wanted one if there is one. */
async function worstOf(rounds, wantedEnd, task) {
  const found = [];
  for (let round = 0; round < rounds; round++) found.push(await endOf(task));
  return {
    lost: Math.max(...found.map(({ lost }) => lost)),
    end: found.map(({ end }) => end).find((end) => end !== wantedEnd),
  };
}

/** Runs one burst; how the process ended, and how many of the records didn't arrive. */
async function endOf({ logger, destination, ending, folder }) {
  const file = join(folder, "burst.log");
  const path = destination === "file" ? file : "-";
  const child = spawn(process.execPath, [BURST, logger, path, String(RECORDS), ending], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const chunks = [];
  const limit = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
  // The pipe is full by the time it is read.
  await Promise.race([ended, sleep(400)]);
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  const by = await ended;
  const end = child.killed ? NO_END : by;
  clearTimeout(limit);
  const text =
    destination === "file" ? await readFile(file, "utf8").catch(() => "") : Buffer.concat(chunks).toString();
  await rm(file, { force: true });
  return { end, lost: RECORDS - arrived(text) };
}

/** Whole lines that hold a record, each counted once. */
function arrived(text) {
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return new Set(lines.flatMap((line) => /#\d+#/.exec(line)?.[0] ?? [])).size;
}
