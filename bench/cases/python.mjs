import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "../report.mjs";

const PROGRAM = fileURLToPath(new URL("../python/lines.py", import.meta.url));
const SOURCE = fileURLToPath(new URL("../../python/polylog/src", import.meta.url));
const CALLS = ["message", "arguments", "five fields"];
const PEER = "StreamHandler and Formatter";
/** Ours may cost this many times what the standard library's own does; its line has no fields. */
const MOST = 1.3;

/**
 * What a call of Python's `logging` costs into the null device: our handler's text line against the standard handler with a
 * formatter for the same line. They take turns, each figure is from a process of its own, and the median counts.
 */
export async function run({ isQuick, report }) {
  const rounds = isQuick ? 1 : 5;
  const count = isQuick ? 10_000 : 40_000;
  for (const call of CALLS) {
    const times = { standard: [], polylog: [], "polylog json": [] };
    for (let round = 0; round < rounds; round++) {
      for (const handler of Object.keys(times)) times[handler].push(nanoseconds(handler, call, count));
    }
    const peerValue = Math.round(median(times.standard));
    const ours = median(times.polylog);
    report.add(`${call}: text`, ours, "ns", {
      ...(call === "five fields" ? {} : { bar: Math.round(peerValue * MOST) }),
      peer: PEER,
      peerValue,
      ratio: Number((peerValue / ours).toPrecision(3)),
    });
    report.add(`${call}: JSON`, median(times["polylog json"]), "ns");
  }
}

function nanoseconds(handler, call, count) {
  const output = execFileSync(
    process.env.POLYLOG_PYTHON ?? "python3",
    [PROGRAM, handler, call, String(count)],
    {
      encoding: "utf8",
      env: { ...process.env, PYTHONPATH: SOURCE, PYTHONDONTWRITEBYTECODE: "1" },
    },
  );
  return (JSON.parse(output).seconds / count) * 1e9;
}
