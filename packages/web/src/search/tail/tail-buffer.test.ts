import { expect, test } from "vitest";
import { row } from "../../../testing/row.ts";
import {
  EMPTY_TAIL,
  joinTail,
  receive,
  release,
  SHOWN_AT_MOST,
  sampling,
  WAITING_AT_MOST,
} from "./tail-buffer.ts";

const rows = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => row({ id: String(first + index) }));
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => Number(id));

test("what arrives is on top, newest first", () => {
  const tail = receive(receive(EMPTY_TAIL, rows(1, 2), false), rows(3, 2), false);
  expect(ids(tail.shown)).toEqual([4, 3, 2, 1]);
});

test("while the reader reads, it waits and is counted", () => {
  const paused = receive(receive(EMPTY_TAIL, rows(1, 2), false), rows(3, 2), true);
  expect(ids(paused.shown)).toEqual([2, 1]);
  expect(paused.waitingCount).toBe(2);
  const shown = release(paused);
  expect(ids(shown.shown)).toEqual([4, 3, 2, 1]);
  expect(shown.waitingCount).toBe(0);
});

test("a long pause forgets the oldest that wait, but counts them", () => {
  const tail = receive(receive(EMPTY_TAIL, rows(0, WAITING_AT_MOST), true), rows(WAITING_AT_MOST, 10), true);
  expect(tail.waiting).toHaveLength(WAITING_AT_MOST);
  expect(tail.waitingCount).toBe(WAITING_AT_MOST + 10);
});

test("what had arrived before the search ended is shown once, in the order of the search", () => {
  const tail = receive(EMPTY_TAIL, rows(7, 5), false);
  expect(ids(joinTail(tail, [row({ id: "9" }), row({ id: "8" }), row({ id: "10" })]))).toEqual([
    11, 9, 8, 10,
  ]);
});

test("a full tail has no hole: the search's rows are left out", () => {
  const tail = receive(EMPTY_TAIL, rows(10, SHOWN_AT_MOST + 5), false);
  expect(tail.shown).toHaveLength(SHOWN_AT_MOST);
  expect(joinTail(tail, rows(1, 3))).toHaveLength(SHOWN_AT_MOST);
});

test("sampling is told as rows a second, and only while there is any", () => {
  const beats = [0, 1000, 2000].map((at) => ({ at, matched: 800, sent: 50 }));
  expect(sampling(beats, 3000)).toEqual({ matched: 800, sent: 50 });
  expect(sampling(beats, 60_000)).toBeUndefined();
  expect(sampling([{ at: 0, matched: 5, sent: 5 }], 100)).toBeUndefined();
});
