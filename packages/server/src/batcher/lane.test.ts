import { expect, it } from "vitest";
import type { Stored } from "../record/intake.ts";
import type { Encoder } from "../store/encode/encoder.ts";
import { createLane, type Lane } from "./lane.ts";
import type { Pace } from "./pace.ts";
import { createPatience } from "./patience.ts";
import type { WriteRequest } from "./request.ts";

/** A record that counts for so many rows. */
interface Heavy {
  readonly rows: number;
}

function heavyEncoder(): Encoder<Heavy> {
  let rows = 0;
  return {
    table: "heavy",
    columns: [],
    get rows() {
      return rows;
    },
    bytes: 0,
    add(record) {
      rows += record.rows;
    },
    block: () => [],
    release: () => ({ table: "heavy", rows: 0, parts: [], numbers: [] }),
    adopt: () => heavyEncoder(),
    reset() {
      rows = 0;
    },
  };
}

/** A lane whose commits take a turn of the event loop, and the rows of each of them. */
function laneOf(pace?: Pace): {
  lane: Lane<Heavy>;
  commits: number[];
  write(rows: number): Promise<unknown>;
} {
  const commits: number[] = [];
  const lane = createLane<Heavy>({
    createEncoder: heavyEncoder,
    patience: createPatience(30_000),
    clock: Date.now,
    ...(pace && { pace }),
    committer: {
      async commit({ rows }) {
        await new Promise(setImmediate);
        commits.push(rows.rows);
        return undefined;
      },
      refuse: () => {},
    },
  });
  const write = (rows: number) =>
    new Promise<Stored>((resolve, reject) => {
      const request: WriteRequest<Heavy> = {
        records: [{ rows }],
        bytes: 1,
        source: "test",
        receiver: "test",
        since: performance.now(),
        refused: 0,
        resolve,
        reject,
      };
      lane.add(request);
    });
  return { lane, commits, write };
}

const FULL = 100_000;

it("what comes while a batch is full goes into the next one", async () => {
  const { commits, write } = laneOf();
  const full = write(FULL);
  // The first is encoded, and the batch waits to be taken.
  await Promise.resolve();
  await Promise.resolve();
  await Promise.all([full, write(1), write(2)]);
  expect(commits).toEqual([FULL, 3]);
});

it("drains what waits behind a full batch", async () => {
  const { lane, commits, write } = laneOf();
  void write(FULL);
  await Promise.resolve();
  await Promise.resolve();
  void write(1);
  void write(2);
  await lane.drain();
  expect(commits).toEqual([FULL, 3]);
});

it("takes requests in every turn, whatever its state", async () => {
  const { lane, commits, write } = laneOf();
  const writes: Promise<unknown>[] = [];
  for (let turn = 0; turn < 200; turn++) {
    writes.push(write(turn % 3 === 0 ? FULL : 7));
    if (turn % 2 === 0) await Promise.resolve();
    if (turn % 5 === 0) await new Promise(setImmediate);
  }
  await Promise.all(writes);
  await lane.drain();
  expect(commits.reduce((sum, rows) => sum + rows, 0)).toBe(67 * FULL + 133 * 7);
});

it("ends a pause as soon as enough requests have come", async () => {
  const counted: number[] = [];
  const { commits, write } = laneOf({
    pause: (_now, requests) => (requests < 3 ? 60_000 : 0),
    count: (_now, requests) => counted.push(requests),
  });
  const few = [write(1), write(1)];
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  expect(commits).toEqual([]);
  await Promise.all([...few, write(1)]);
  expect([commits, counted]).toEqual([[3], [3]]);
});

it("ends a pause for a batch that is large enough, which needs no leave", async () => {
  const { commits, write } = laneOf({
    pause: () => 60_000,
    count: () => {
      throw new Error("It was counted.");
    },
  });
  const few = write(1);
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  expect(commits).toEqual([]);
  await Promise.all([few, write(10_000)]);
  expect(commits).toEqual([10_001]);
});
