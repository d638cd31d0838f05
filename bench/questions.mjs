import { COMMON_SERVICE, COMMON_WORD, RARE_WORD } from "./dataset.mjs";
import { median } from "./report.mjs";

/** Rounds that warm up and don't count. */
const WARM_UP = 3;

/**
 * @typedef {{ name: string, bar?: number, path: string, parameters: Record<string, string> }} Question `bar` is the
 *   median that is allowed, in milliseconds
 */

/**
 * What people ask of a day of the shop's records.
 *
 * @param {{ window: { from: string, to: string }, traceId: string }} day
 * @returns {Question[]}
 */
export function questionsOfDay({ window, traceId }) {
  const cases = [
    ["last 100, unfiltered", 25, "logs", { ...window, limit: "100" }],
    ["last 100, one service", 30, "logs", { ...window, limit: "100", query: `service:${COMMON_SERVICE}` }],
    ["rare word, 25 hits", 15, "logs", { ...window, limit: "100", query: RARE_WORD }],
    ["count of a common word", 15, "logs/count", { ...window, query: COMMON_WORD }],
    ["histogram by severity, 24 h", 150, "logs/histogram", window],
    ["facets of a column", 150, "logs/facets", { ...window, fields: "service" }],
    ["facets of an attribute", 150, "logs/facets", { ...window, fields: "http.route" }],
    [
      "facets of an attribute, filtered",
      150,
      "logs/facets",
      { ...window, fields: "http.route", query: "level:error" },
    ],
    ["trace by id", 25, `traces/${traceId}`, {}],
    ["attribute equals", undefined, "logs", { ...window, query: "customer:4711" }],
    ["field names", undefined, "logs/fields", window],
  ];
  return cases.map(([name, bar, path, parameters]) => ({ name, bar, path: `v1/${path}`, parameters }));
}

/**
 * Asks over HTTP, one question after the other, reads each answer to its last byte and reports the median.
 *
 * @param {{ address: string }} server
 * @param {ReturnType<import("./report.mjs").createReport>} report
 * @param {readonly (Question & { rounds: number })[]} questions
 */
export async function measureQuestions(server, report, questions) {
  for (const { rounds, name, bar, ...question } of questions) {
    const times = [];
    for (let round = -WARM_UP; round < rounds; round++) {
      const elapsed = await timeOf(server, question);
      if (round >= 0) times.push(elapsed);
    }
    report.add(name, median(times), "ms", bar === undefined ? {} : { bar });
  }
}

/** Milliseconds until the last byte of the answer is there. */
export async function timeOf({ address }, { path, parameters }) {
  const start = performance.now();
  const response = await fetch(`${address}/api/${path}?${new URLSearchParams(parameters)}`);
  const body = await response.text();
  const elapsed = performance.now() - start;
  if (!response.ok) throw new Error(`${path}: ${response.status} ${body}`);
  return elapsed;
}
