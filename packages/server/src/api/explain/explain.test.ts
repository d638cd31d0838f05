import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explainResponse } from "../../contract/index.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.insertLogs([
    line({ ago: 1_000, level: "error", body: "card declined" }),
    line({ ago: 2_000, level: "info", body: "card accepted" }),
    line({ ago: 3_000, level: "info", body: "mail sent" }),
    line({ ago: 86_400_000, level: "error", body: "card accepted at last" }),
  ]);
});
afterAll(() => api.close());

describe("explain", () => {
  it.each<[query: string, parts: readonly string[], newest: string | null]>([
    ["level:error accepted", ["level:error 1", "accepted 1"], "2026-11-19T12:00:00.000000000Z"],
    ["card level:error nothing", ["card 0", "level:error 0", "nothing 1"], null],
    ["nothing", ["nothing 3"], null],
    ["(mail OR card) -level:info", ["(mail OR card) 1", "-level:info 3"], "2026-11-19T12:00:00.000000000Z"],
    ["", [], "2026-11-19T12:00:00.000000000Z"],
  ])("%j", async (query, parts, newestMatch) => {
    const answer = await api.get(`/logs/explain?query=${encodeURIComponent(query)}`, explainResponse);
    expect(answer.inWindow).toBe(3);
    expect(answer.parts.map(({ text, countWithout }) => `${text} ${countWithout}`)).toEqual(parts);
    for (const { text, start, end } of answer.parts) expect(query.slice(start, end)).toBe(text);
    expect(answer.newestMatch).toBe(newestMatch);
  });

  it("stays within 20 parts", async () => {
    const query = Array.from({ length: 40 }, (_, index) => `w${index}`).join(" ");
    const { parts } = await api.get(`/logs/explain?query=${encodeURIComponent(query)}`, explainResponse);
    expect(parts).toHaveLength(20);
    expect(parts.every(({ countWithout }) => countWithout === 0)).toBe(true);
  });
});
