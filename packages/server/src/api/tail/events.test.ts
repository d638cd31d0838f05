import { expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import type { Arrivals } from "./arrivals.ts";
import { encodeEvent } from "./event-stream.ts";
import { type TailEvent, tailEvents } from "./events.ts";
import { createAllowance } from "./sample.ts";
import type { Waker } from "./waker.ts";

/** Events of a tail over arrivals that fail or come as listed, one a poll; time goes by only in sleep. */
async function eventsOf(polls: readonly ("nothing" | "away" | "broken" | number)[]): Promise<string[]> {
  let now = 0;
  let next = 0;
  const controller = new AbortController();
  const arrivals: Arrivals = {
    begin: async () => undefined,
    async poll() {
      const poll = polls[next++];
      if (next >= polls.length) controller.abort();
      if (poll === "away")
        throw new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "Away.", { retryAfterSeconds: 1 });
      if (poll === "broken") throw new PolylogError("POLYLOG_E_INTERNAL", "Broken.");
      return typeof poll === "number" ? { rows: [], matched: poll, lastId: BigInt(now) } : undefined;
    },
  };
  const waker: Waker = {
    wake() {},
    async sleep(milliseconds) {
      now += milliseconds;
    },
  };
  const told: string[] = [];
  const timing = { shortest: 250, idle: 2_000, heartbeat: 15_000, retry: 1_000 };
  for await (const event of tailEvents({
    arrivals,
    allowance: createAllowance(50, 50, 0),
    waker,
    backlog: 0,
    clock: () => now,
    timing,
    signal: controller.signal,
  })) {
    told.push(`${now} ${named(event)}`);
  }
  return told;
}

function named(event: TailEvent): string {
  if (event.kind === "rows") return `rows ${event.matched}`;
  return event.kind === "problem" ? event.problem.code : event.kind;
}

it.each<[what: string, polls: Parameters<typeof eventsOf>[0], events: readonly string[]]>([
  ["says that it is there after fifteen seconds of silence", Array(10).fill("nothing"), ["16000 heartbeat"]],
  ["does so no sooner after rows", [5, ...Array(7).fill("nothing")], ["2000 rows 5"]],
  ["tells of a problem once", ["away", "away", "away"], ["2000 POLYLOG_E_STORE_UNAVAILABLE"]],
  [
    "tells of it again after it was over",
    ["away", "nothing", "away", "nothing"],
    ["2000 POLYLOG_E_STORE_UNAVAILABLE", "5000 POLYLOG_E_STORE_UNAVAILABLE"],
  ],
  [
    "tells of another problem",
    ["away", "broken", "broken"],
    ["2000 POLYLOG_E_STORE_UNAVAILABLE", "3000 POLYLOG_E_INTERNAL"],
  ],
  [
    "asks again soon when the store is away",
    ["away", 1],
    ["2000 POLYLOG_E_STORE_UNAVAILABLE", "3000 rows 1"],
  ],
  [
    "asks again later when the question itself fails",
    ["broken", 1],
    ["2000 POLYLOG_E_INTERNAL", "7000 rows 1"],
  ],
])("%s", async (_, polls, events) => {
  expect(await eventsOf(polls)).toEqual(["0 open", ...events]);
});

it("is open only once what was there has been passed over", async () => {
  let hasLooked = false;
  const controller = new AbortController();
  const events = tailEvents({
    arrivals: {
      async begin() {
        hasLooked = true;
        return undefined;
      },
      poll: async () => undefined,
    },
    allowance: createAllowance(50, 50, 0),
    waker: { wake() {}, sleep: async () => controller.abort() },
    backlog: 0,
    clock: () => 0,
    timing: { shortest: 0, idle: 0, heartbeat: 1, retry: 0 },
    signal: controller.signal,
  });
  expect(await events.next()).toEqual({ done: false, value: { kind: "open" } });
  expect(hasLooked).toBe(true);
});

it.each<[event: TailEvent, text: string]>([
  [{ kind: "open" }, "retry: 1000\n\n"],
  [{ kind: "heartbeat" }, ":\n\n"],
  [
    { kind: "rows", rows: [], matched: 2, lastId: 7n },
    'id: 7\nevent: rows\ndata: {"rows":[],"matched":2}\n\n',
  ],
  [
    { kind: "problem", problem: { code: "POLYLOG_E_INTERNAL", message: "two\nlines" } },
    'event: problem\ndata: {"code":"POLYLOG_E_INTERNAL","message":"two\\nlines"}\n\n',
  ],
])("the event %o is one block of lines", (event, text) => {
  expect(encodeEvent(event)).toBe(text);
});
