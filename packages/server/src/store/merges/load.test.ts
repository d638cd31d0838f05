import { expect, it } from "vitest";
import { createLoadMeter, type Load } from "./load.ts";

/** Inserts in each second, with the rows of each. */
type Seconds = readonly (readonly [inserts: number, rows: number])[];

function loadAfter(seconds: Seconds): Load {
  const meter = createLoadMeter();
  let batches = 0;
  let rows = 0;
  let load = meter({ batches, rows });
  for (const [inserts, each] of seconds) {
    batches += inserts;
    rows += inserts * each;
    load = meter({ batches, rows });
  }
  return load;
}

const times = (count: number, ...second: Seconds[number]): Seconds =>
  Array.from({ length: count }, () => second);

it.each<[what: string, seconds: Seconds, load: Load]>([
  ["nothing", [], "calm"],
  ["a record now and then", times(20, 0.5, 1), "calm"],
  ["one large insert", times(1, 1, 100_000), "calm"],
  ["a few large inserts, then none", [...times(1, 2, 50_000), ...times(5, 0, 0)], "calm"],
  ["many small ones", times(10, 5, 4000), "steady"],
  ["many small ones that have just begun", times(2, 5, 4000), "steady"],
  ["one large insert after the other", times(4, 2, 40_000), "burst"],
  ["large ones that take long", times(8, 0.5, 80_000), "burst"],
  ["many rows in small inserts", times(5, 15, 4000), "burst"],
  ["a burst of half a minute", times(30, 10, 12_000), "burst"],
  ["a burst that goes on", times(31, 10, 12_000), "flood"],
  ["a burst of the largest inserts", times(53, 1, 100_000), "flood"],
  [
    "one burst soon after the other",
    [...times(30, 10, 12_000), ...times(10, 0, 0), ...times(9, 10, 12_000)],
    "flood",
  ],
  [
    "one burst long after the other",
    [...times(30, 10, 12_000), ...times(40, 0, 0), ...times(29, 10, 12_000)],
    "burst",
  ],
  ["small ones after a burst", [...times(10, 2, 40_000), ...times(5, 5, 4000)], "steady"],
  ["nothing after a burst", [...times(10, 2, 40_000), ...times(5, 0, 0)], "calm"],
  ["nothing after many small ones", [...times(10, 5, 4000), ...times(5, 0, 0)], "calm"],
])("tells the load of %s", (_, seconds, load) => {
  expect(loadAfter(seconds)).toBe(load);
});
