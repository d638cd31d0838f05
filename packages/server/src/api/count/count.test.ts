import { afterAll, beforeAll, expect, it } from "vitest";
import { countResponse } from "../../contract/index.ts";
import { NOW, startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

const MINUTE = 60_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  // One every second for three hours, so that a window has granules that lie in it as a whole, and edges.
  const lines = Array.from({ length: 10_800 }, (_, second) =>
    line({ ago: second * 1_000, body: second % 10 === 0 ? "card declined" : "card accepted" }),
  );
  await api.insertLogs(lines.slice(0, 5_000));
  await api.insertLogs(lines.slice(5_000));
});
afterAll(() => api.close());

it.each<[path: string, count: number]>([
  ["", 900],
  ["from=now-1m", 60],
  ["from=now-1m&query=declined", 6],
  ["from=now-2h", 7_200],
  ["from=now-2h&query=card", 7_200],
  ["from=now-2h&query=declined", 720],
  ["from=now-2h&to=now-1h&query=declined", 360],
  ["from=now-1d", 10_799],
  ["from=now-1d&to=now%2B1s", 10_800],
  ["from=now-1d&query=nothing", 0],
  ["from=now-1d&query=-declined", 9_720],
  [`from=${NOW - 31 * MINUTE + 1}&to=${NOW + 1}`, 1_860],
  [`from=${NOW - 31 * MINUTE}&to=${NOW}`, 1_860],
  [`from=${NOW - 31 * MINUTE - 1}&to=${NOW - 1}`, 1_860],
  ["from=now-30d&to=now-20d", 0],
  ["from=0", 10_799],
])("%s", async (path, expected) => {
  const { count, partial } = await api.get(`/logs/count?${path}`, countResponse);
  expect({ count, partial }).toEqual({ count: expected, partial: false });
});
