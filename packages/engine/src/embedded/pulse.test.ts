import { expect, test } from "vitest";
import { watchPulse } from "./pulse.ts";

const TIMES = { period: 0, timeout: 0, away: 2, hung: 6 };

/** What is told while looks have these results: `+` for an answer, `-` for none. */
async function told(looks: string): Promise<string[]> {
  const heard: string[] = [];
  const over = new AbortController();
  const results = [...looks];
  await watchPulse(
    {
      times: TIMES,
      async ping() {
        const result = results.shift();
        if (result === undefined) over.abort();
        return result === "+";
      },
      onAway: () => heard.push("away"),
      onBack: () => heard.push("back"),
      onHung: () => heard.push("hung"),
    },
    over.signal,
  );
  if (results.length > 0) heard.push(`${results.length} looks later`);
  return heard;
}

test.each<[looks: string, told: string[]]>([
  ["++++", []],
  ["+-+-+-+", []],
  ["+--+", ["away", "back"]],
  ["+-----+", ["away", "back"]],
  ["--+--+", ["away", "back", "away", "back"]],
  ["------", ["away", "hung"]],
  ["-----+------++", ["away", "back", "away", "hung", "2 looks later"]],
])("looks %s tell %j", async (looks, expected) => {
  expect(await told(looks)).toEqual(expected);
});
