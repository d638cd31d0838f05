import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readCorpus } from "./corpus.ts";
import { fuzz } from "./fuzz.ts";
import type { Target } from "./target.ts";
import { TARGETS } from "./targets/index.ts";

/** `npm run test:fuzz` tries ten million. */
const INPUTS = 500;
const testdata = fileURLToPath(new URL("./testdata", import.meta.url));

test.each(TARGETS.map((target) => [target.name, target] as const))(
  "%s takes its corpus and what is made of it, or refuses it",
  async (_name, target) => {
    const { findings } = await fuzz(target, {
      inputs: INPUTS,
      seed: 1,
      corpus: readCorpus(testdata, target),
    });
    expect(findings.map(({ input, problem }) => ({ problem, input: input.toString("base64") }))).toEqual([]);
  },
);

describe("a decoder that", () => {
  const seeds = ["abcdefgh"];
  const broken: readonly (readonly [what: string, decode: Target["decode"], problem: string])[] = [
    [
      "throws what is no refusal",
      (input) => {
        if (input.includes("aab")) throw new TypeError("broken");
      },
      "broken",
    ],
    [
      "is slow",
      (input) => {
        if (!input.includes("aab")) return;
        // Of the processor's time: others may have it meanwhile.
        const start = process.cpuUsage();
        while (process.cpuUsage(start).user < 300_000);
      },
      "ms for",
    ],
    [
      "rejects",
      async (input) => {
        if (input.includes("aab")) throw new TypeError("broken");
      },
      "broken",
    ],
  ];
  test.each(broken)("%s is found", async (_what, decode, problem) => {
    const target = { name: "broken", seeds, words: ["a"], decode };
    const { findings } = await fuzz(target, { inputs: 100, seed: 1, corpus: [Buffer.from(seeds[0]!)] });
    expect(findings[0]?.problem).toContain(problem);
  });
});
