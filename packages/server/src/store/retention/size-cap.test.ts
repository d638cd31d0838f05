import { afterAll, beforeAll, expect, it } from "vitest";
import { idAt } from "../id.ts";
import { openTestStore, silentLog, type TestStore } from "../testing/store.ts";
import { createSizeCap } from "./size-cap.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 12);

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore(0);
  for (const days of [9, 8, 7, 1.5, 0.1]) await insert(days, days);
  // An old file that was imported an hour ago.
  await insert(4000, 0.04);
});
afterAll(() => test.close());

/** Records that are of so many days ago, and came so many days ago. */
async function insert(of: number, came: number): Promise<void> {
  await test.engine.client.command({
    query: `
      INSERT INTO otel_logs (Timestamp, Body, Id)
      SELECT fromUnixTimestamp64Milli({time:Int64}), randomPrintableASCII(200), {id:UInt64} + number
      FROM numbers(5000)`,
    query_params: { time: String(NOW - of * DAY), id: String(idAt(NOW - came * DAY)) },
  });
}

async function days(): Promise<string[]> {
  const rows = await test.rows<{ day: string }>(
    "SELECT DISTINCT toString(toDate(Timestamp)) AS day FROM otel_logs ORDER BY day",
  );
  return rows.map(({ day }) => day);
}

async function enforce(
  maxBytes: number,
  client = test.engine.client,
): Promise<{ dropped: string[]; warnings: number }> {
  let warnings = 0;
  const log = { ...silentLog, warn: () => warnings++ };
  const cap = createSizeCap({ client, maxBytes: () => maxBytes, log, clock: () => NOW });
  const { signal } = new AbortController();
  const dropped = (await cap.enforce(signal)).map(({ partition }) => partition);
  await cap.enforce(signal);
  return { dropped, warnings };
}

it("drops nothing while there is room", async () => {
  const { bytesOnDisk } = await test.store.size();
  expect(await enforce(bytesOnDisk)).toEqual({ dropped: [], warnings: 0 });
});

it("drops the oldest day, and no more than it has to", async () => {
  const { bytesOnDisk } = await test.store.size();
  expect(await enforce(bytesOnDisk - 1)).toEqual({ dropped: ["20261112"], warnings: 0 });
  expect((await test.store.size()).bytesOnDisk).toBeLessThan(bytesOnDisk);
});

it("counts by arrival: an old file that was just imported stays", async () => {
  const { bytesOnDisk } = await test.store.size();
  expect(await enforce(bytesOnDisk - 1)).toEqual({ dropped: ["20261113"], warnings: 0 });
  expect(await days()).toEqual(["2015-12-09", "2026-11-14", "2026-11-20", "2026-11-21"]);
});

it("never drops what came within a day, and says once that it can't hold the bound", async () => {
  expect(await enforce(1)).toEqual({ dropped: ["20261114", "20261120"], warnings: 1 });
  expect(await days()).toEqual(["2015-12-09", "2026-11-21"]);
});

/** A client with which something happens once all days were looked at. */
function interrupted(happens: () => Promise<unknown>): typeof test.engine.client {
  let happened: Promise<unknown> | undefined;
  return new Proxy(test.engine.client, {
    get(target, name) {
      if (name !== "query") return Reflect.get(target, name);
      return async (...parameters: Parameters<typeof target.query>) => {
        const answer = await target.query(...parameters);
        // Spans are looked at after the logs.
        if (parameters[0].query.includes("FROM otel_traces")) {
          happened ??= happens();
          await happened;
        }
        return answer;
      };
    },
  });
}

it("drops no day into which something was imported since it was looked at", async () => {
  await insert(6, 6);
  const client = interrupted(() => insert(6, 0.01));
  expect(await enforce(1, client)).toEqual({ dropped: [], warnings: 1 });
  expect(await days()).toContain("2026-11-15");
});

it("drops no day more when another server has dropped one since they were looked at", async () => {
  for (const days of [9, 8, 7]) await insert(days, days);
  const maxBytes = (await test.store.size()).bytesOnDisk - 1;
  const client = interrupted(async () => {
    expect(await enforce(maxBytes)).toEqual({ dropped: ["20261112"], warnings: 0 });
  });
  expect(await enforce(maxBytes, client)).toEqual({ dropped: [], warnings: 0 });
});
