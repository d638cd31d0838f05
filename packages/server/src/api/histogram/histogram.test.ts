import { afterAll, beforeAll, expect, it } from "vitest";
import { histogramResponse } from "../../contract/index.ts";
import { NOW, startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.insertLogs([
    line({ ago: 1, level: "error" }),
    line({ ago: 2 }),
    line({ ago: 3, level: "notice" }),
    line({ ago: 5 * MINUTE, level: "unknown", body: "of no level" }),
    line({ ago: 5 * MINUTE + 1, level: "warn", body: "card" }),
    line({ ago: 2 * HOUR, level: "fatal" }),
    line({ ago: 24 * HOUR }),
    line({ ago: 24 * HOUR + 1, body: "just outside of a day" }),
    line({ ago: 0, body: "just outside, as the end is exclusive" }),
  ]);
});
afterAll(() => api.close());

it.each<[path: string, interval: number, bars: readonly [ago: number, counts: object][], total: number]>([
  [
    "from=now-10m&buckets=2",
    5 * MINUTE,
    [
      [10 * MINUTE, { warn: 1 }],
      [5 * MINUTE, { error: 1, info: 2, unset: 1 }],
    ],
    5,
  ],
  ["from=now-1m", 1_000, [[1_000, { error: 1, info: 2 }]], 3],
  ["from=now-10m&buckets=2&query=card", 5 * MINUTE, [[10 * MINUTE, { warn: 1 }]], 1],
  ["from=now-10m&query=nothing", 10_000, [], 0],
  [
    "from=now-1d&buckets=24",
    HOUR,
    [
      [24 * HOUR, { info: 1 }],
      [2 * HOUR, { fatal: 1 }],
      [HOUR, { error: 1, info: 2, unset: 1, warn: 1 }],
    ],
    7,
  ],
  ["from=now-1d&buckets=24&query=level%3Afatal", HOUR, [[2 * HOUR, { fatal: 1 }]], 1],
  [
    `from=${NOW - 24 * HOUR - 1}&to=${NOW + 1}&buckets=1`,
    48 * HOUR,
    [[36 * HOUR, { error: 1, fatal: 1, info: 5, unset: 1, warn: 1 }]],
    9,
  ],
])("%s", async (path, interval, bars, total) => {
  const histogram = await api.get(`/logs/histogram?${path}`, histogramResponse);
  expect(histogram.interval).toBe(interval);
  expect(histogram.buckets.map(({ time, counts }) => [NOW - time, counts])).toEqual(bars);
  expect(histogram).toMatchObject({ total, partial: false });
});

it.each(["buckets=0", "buckets=501", "buckets=x", "query=%22", "from=x"])("refuses %s", async (path) => {
  expect(await api.refused(`/logs/histogram?${path}`)).toMatchObject({ status: 400 });
});
