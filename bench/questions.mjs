import { median } from "./report.mjs";

/** Rounds that warm up and don't count. */
const WARM_UP = 3;

/**
 * Asks over HTTP, one question after the other, reads each answer to its last byte and reports the median.
 *
 * @param {{ address: string }} server
 * @param {ReturnType<import("./report.mjs").createReport>} report
 * @param {readonly { name: string, path: string, parameters: object, rounds: number, bar?: number }[]} questions
 */
export async function measureQuestions(server, report, questions) {
  for (const { name, path, parameters, rounds, bar } of questions) {
    const url = `${server.address}/api/${path}?${new URLSearchParams(parameters)}`;
    const times = [];
    for (let round = -WARM_UP; round < rounds; round++) {
      const start = performance.now();
      const response = await fetch(url);
      const body = await response.text();
      const elapsed = performance.now() - start;
      if (!response.ok) throw new Error(`${name}: ${response.status} ${body}`);
      if (round >= 0) times.push(elapsed);
    }
    report.add(name, median(times), "ms", bar === undefined ? {} : { bar });
  }
}
