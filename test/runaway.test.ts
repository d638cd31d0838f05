import { afterAll, beforeAll, expect, it } from "vitest";
import { createRandom } from "./random.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** Questions that would take minutes, while records come in: their limits end them, and intake goes on meanwhile. */

const REQUESTS = 24;
const RECORDS = 5_000;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ flags: ["--query-timeout", "2s"] });
  const random = createRandom(7);
  const letter = (): string => random.pick(["a", "b", "c", "d"]);
  for (let n = 0; n < REQUESTS; n++) {
    const lines = Array.from({ length: RECORDS }, (_, i) =>
      JSON.stringify({ message: Array.from({ length: 50 }, letter).join(" "), request: `${n}/${i}` }),
    );
    expect(await send(lines.join("\n"))).toBe(200);
  }
}, 120_000);
afterAll(() => server?.stop());

async function send(body: string): Promise<number> {
  const response = await fetch(`${server.address}/v1/jsonl`, { method: "POST", body });
  await response.arrayBuffer();
  return response.status;
}

// Expressions with too many states for the engine to keep; another one each, as it remembers where it found nothing.
const slow = (n: number): string => encodeURIComponent(`/(a.{0,20}b.{0,20}c){2}${n}/`);

it.each([
  ["a count", `logs/count?query=${slow(1)}`],
  ["a histogram", `logs/histogram?query=${slow(2)}`],
  ["facets of many values", `logs/facets?fields=request,host&query=${slow(3)}`],
  ["a search", `logs?query=${slow(4)}`],
])(
  "%s that is far too much is ended by its limit, and records are acknowledged while it runs",
  async (_, path) => {
    let isUnderWay = true;
    const question = fetch(`${server.address}/api/v1/${path}`).then(async (response) => {
      const answer = await response.json();
      isUnderWay = false;
      return { status: response.status, ...answer };
    });
    const statuses: number[] = [];
    while (isUnderWay) {
      const status = await send(JSON.stringify({ message: "beside it" }));
      if (isUnderWay) statuses.push(status);
    }
    const { status, partial, code } = await question;
    expect([status, partial ?? code]).toBeOneOf([
      [200, true],
      [422, "POLYLOG_E_QUERY_LIMIT"],
    ]);
    expect(new Set(statuses)).toEqual(new Set([200]));
  },
);
