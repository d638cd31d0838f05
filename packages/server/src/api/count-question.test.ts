import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countQuestion } from "./count-question.ts";
import { NOW, startTestApi, type TestApi } from "./testing/api.ts";
import { line } from "./testing/records.ts";

const HOUR = 3_600_000;

let api: TestApi;
/** Milliseconds before now of each record, in parts that overlap, with many at one time. */
const PARTS = [
  Array.from({ length: 4_000 }, (_, index) => index * 1_000),
  Array.from({ length: 4_000 }, (_, index) => Math.floor(index / 2_000) * HOUR),
  Array.from({ length: 3_000 }, (_, index) => (index * 7_919 * 1_000) % (5 * HOUR)),
];
beforeAll(async () => {
  api = await startTestApi();
  for (const part of PARTS) {
    await api.insertLogs(part.map((ago, index) => line({ ago, level: index % 3 === 0 ? "error" : "info" })));
  }
});
afterAll(() => api.close());

async function counted(from: number, to: number, condition: string): Promise<number> {
  const { sql, parameters, settings } = countQuestion(
    { window: { from, to }, condition: { target: "logs", sql: condition, parameters: {} }, keys: [] },
    { timeout: 20_000, memory: 1e9, rows: 1e9 },
  );
  const answer = await api.engine.viewer.ask({
    query: `${sql}\nFORMAT TSV`,
    parameters,
    ...(settings === undefined ? {} : { settings }),
  });
  return Number(answer.toString());
}

const IS_ERROR = "SeverityNumber = 17";

it("counts every record of the window and no other", async () => {
  const edge = fc.oneof(
    fc.integer({ min: -1, max: 6 * HOUR }),
    fc.integer({ min: 0, max: 6 * 3600 }).map((s) => s * 1_000),
  );
  await fc.assert(
    fc.asyncProperty(edge, edge, fc.boolean(), async (one, other, errorsOnly) => {
      const from = NOW - Math.max(one, other) - 1;
      const to = NOW - Math.min(one, other);
      const expected = PARTS.flatMap((part) =>
        part.filter((ago, index) => NOW - ago >= from && NOW - ago < to && !(errorsOnly && index % 3 !== 0)),
      ).length;
      expect(await counted(from, to, errorsOnly ? IS_ERROR : "true")).toBe(expected);
    }),
    { numRuns: 150 },
  );
});
