import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptData } from "../kept.mjs";
import { questionsOfDay, timeOf } from "../questions.mjs";
import { median } from "../report.mjs";
import { serve } from "../serve.mjs";
import { send } from "./intake.mjs";

/** A fleet's everyday load: 20,000 records a second in requests of 500. */
const LOAD = { protocol: "OTLP/HTTP", size: 500, connections: 16, rate: 20_000 };
/** How much longer a question may take than at rest. */
const SLOWER = 3;
/** Seconds of load before anything counts: the first merges have begun by then. */
const WARM_UP = 5;

/** Questions that are far too much: each reads all records, and takes long over every one. */
const RUNAWAYS = [
  {
    name: "a regular expression over everything",
    path: "v1/logs/count",
    query: "/(a.{0,20}e.{0,20}o){2}[0-9]x/",
  },
  {
    name: "a histogram of a regular expression",
    path: "v1/logs/histogram",
    query: "/(r.{0,20}e.{0,20}u){2}[0-9]x/",
  },
  {
    name: "facets of everything",
    path: "v1/logs/facets",
    query: "/.*[0-9].*/",
    fields: "customer,thread,host",
  },
  { name: "a search that finds nothing", path: "v1/logs", query: "/(e.{0,20}o.{0,20}a){2}[0-9]x/" },
];

/**
 * The questions of the bench `query` while 20,000 records a second come in from another process; then questions that are
 * far too much, two at a time, and how soon records are acknowledged meanwhile.
 */
export async function run({ isQuick, report }) {
  const count = isQuick ? 500_000 : 5_000_000;
  const kept = await keptData("query", { count });
  const folder = mkdtempSync(join(tmpdir(), "polylog-bench-"));
  const data = join(folder, "data");
  // What comes in stays out of the records that are kept.
  cpSync(kept.data, data, { recursive: true });
  const server = await serve(["--data", data, "--retention-days", "0", "--log-level", "error"]);
  try {
    const load = (seconds) => send({ ...LOAD, http: server.address, seconds });
    const questions = () =>
      questionsOfDay({ window: { from: String(kept.from), to: String(Date.now()) }, traceId: kept.traceId });
    await Promise.all([load(WARM_UP), ...questions().map((question) => timeOf(server, question))]);

    const [sent, times] = await during(load(isQuick ? 10 : 25), async (isOver) => {
      const times = new Map();
      while (!isOver()) {
        for (const question of questions()) {
          const elapsed = await timeOf(server, question);
          times.set(question.name, [...(times.get(question.name) ?? []), elapsed]);
        }
      }
      return times;
    });
    for (const { name, bar } of questions()) {
      report.add(name, median(times.get(name)), "ms", bar === undefined ? {} : { bar: bar * SLOWER });
    }
    addLoad(report, "meanwhile", sent);

    const [sentToo, longest] = await during(load(isQuick ? 10 : 25), async (isOver) => {
      const longest = new Map();
      const askOneAfterOther = async (first) => {
        for (let turn = first; !isOver(); turn++) {
          const runaway = RUNAWAYS[turn % RUNAWAYS.length];
          const elapsed = await untilEnded(server, runaway, kept.from);
          longest.set(runaway.name, Math.max(longest.get(runaway.name) ?? 0, elapsed));
        }
      };
      await Promise.all([askOneAfterOther(0), askOneAfterOther(2)]);
      return longest;
    });
    for (const [name, elapsed] of longest) report.add(`${name}, ended after at most`, elapsed / 1000, "s");
    addLoad(report, "during these", sentToo);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does something for as long as the load goes on. */
async function during(load, work) {
  let isOver = false;
  const over = load.finally(() => {
    isOver = true;
  });
  return Promise.all([over, work(() => isOver)]);
}

function addLoad(report, when, { acknowledged, failed, seconds, p50, p99 }) {
  if (failed > 0) throw new Error(`${failed} requests were refused ${when}`);
  report.add(`records that came in ${when}`, acknowledged / seconds, "records/s");
  report.add(`acknowledged ${when}, p50`, p50, "ms");
  report.add(`acknowledged ${when}, p99`, p99, "ms", { bar: 400 });
}

/** Milliseconds until a question is answered, if in part, or refused because of its limits. */
async function untilEnded({ address }, { path, query, fields }, from) {
  const parameters = { from: String(from), to: String(Date.now()), query, ...(fields && { fields }) };
  const start = performance.now();
  const response = await fetch(`${address}/api/${path}?${new URLSearchParams(parameters)}`);
  const body = await response.json();
  if (!response.ok && body.code !== "POLYLOG_E_QUERY_LIMIT") {
    throw new Error(`${path} ${query}: ${response.status} ${JSON.stringify(body)}`);
  }
  return performance.now() - start;
}
