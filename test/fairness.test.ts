import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** A flood of one service beside a trickle of another, over real connections into the real store. */

const FLOODERS = 24;
const RECORDS = 5000;
/** Requests of the quiet service, one after the other. */
const REQUESTS = 30;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ flags: ["--intake-memory", "4MB"] });
});
afterAll(() => server?.stop());

function linesOf(service: string, count: number): string {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      level: "info",
      message: `request ${n} took ${n % 97} ms`,
      service,
      path: `/item/${n % 31}`,
    }),
  );
  return lines.join("\n");
}

async function send(body: string): Promise<number> {
  const response = await fetch(`${server.address}/v1/jsonl`, { method: "POST", body });
  await response.arrayBuffer();
  return response.status;
}

it("a flood is asked to come back, and what is quiet beside it is stored, each time and soon", async () => {
  const body = linesOf("flood", RECORDS);
  const flood = { stored: 0, refused: 0 };
  let isOver = false;
  const flooders = Array.from({ length: FLOODERS }, async () => {
    while (!isOver) {
      const status = await send(body);
      if (status === 200) flood.stored++;
      else if (status === 429) flood.refused++;
      else throw new Error(`the flood met status ${status}`);
      if (status === 429) await delay(50);
    }
  });
  // The flood has filled what it may.
  await expect.poll(() => flood.refused, { timeout: 30_000 }).toBeGreaterThan(0);

  const statuses: number[] = [];
  const times: number[] = [];
  for (let n = 0; n < REQUESTS; n++) {
    const begin = performance.now();
    statuses.push(await send(linesOf("quiet", 1)));
    times.push(performance.now() - begin);
  }
  isOver = true;
  await Promise.all(flooders);

  times.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(times[Math.floor(times.length * share)] ?? 0);
  console.info(
    `quiet: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; flood: ${flood.stored} stored, ${flood.refused} refused`,
  );
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(at(0.5)).toBeLessThan(10_000);

  const { sources } = (await (await fetch(`${server.address}/api/v1/intake`)).json()) as {
    sources: { name: string; records: number; refused: Record<string, number> }[];
  };
  expect(sources.find(({ name }) => name === "quiet")).toMatchObject({ records: REQUESTS, refused: {} });
  expect(sources.find(({ name }) => name === "flood")?.refused.over_share).toBeGreaterThan(0);
}, 120_000);
