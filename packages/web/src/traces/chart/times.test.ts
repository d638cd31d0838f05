import { expect, test } from "vitest";
import { timesOf } from "./times.ts";

const at = (time: string) => Date.parse(`2026-11-21T${time}Z`);
const clock = (times: readonly number[]) => times.map((time) => new Date(time).toISOString().slice(11, 19));

test.each([
  ["16:00:00", "17:00:00", 4, ["16:00:00", "16:15:00", "16:30:00", "16:45:00"]],
  ["16:03:07", "16:13:07", 5, ["16:04:00", "16:06:00", "16:08:00", "16:10:00", "16:12:00"]],
  ["00:00:00", "23:59:00", 3, ["00:00:00", "12:00:00"]],
  ["16:00:00", "16:00:03", 3, ["16:00:00", "16:00:01", "16:00:02"]],
])("from %s to %s, at most %d", (from, to, most, expected) => {
  expect(clock(timesOf({ from: at(from), to: at(to) }, most, "utc"))).toEqual(expected);
});
