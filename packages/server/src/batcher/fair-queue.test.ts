import fc from "fast-check";
import { expect, it } from "vitest";
import { createFairQueue } from "./fair-queue.ts";

interface Item {
  readonly source: string;
  readonly bytes: number;
  readonly n: number;
}

function queueOf(...items: readonly (readonly [source: string, bytes: number])[]) {
  const queue = createFairQueue<Item>();
  items.forEach(([source, bytes], n) => {
    queue.push({ source, bytes, n });
  });
  return queue;
}

function drained(queue: ReturnType<typeof queueOf>): Item[] {
  const items: Item[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

const times = (count: number, source: string, bytes: number) =>
  Array.from({ length: count }, () => [source, bytes] as const);

it.each([
  ["one source", [...times(3, "a", 5)], "aaa"],
  ["two alike", [...times(3, "a", 5), ...times(3, "b", 5)], "ababab"],
  ["one of large requests", [...times(2, "a", 100), ...times(4, "b", 25)], "abbbba"],
  ["a flood and a late one", [...times(4, "a", 10), ["b", 10] as const], "abaaa"],
])("%s are served in turn, by bytes", (_, items, expected) => {
  expect(
    drained(queueOf(...items))
      .map(({ source }) => source)
      .join(""),
  ).toBe(expected);
});

it("serves a source that comes into a flood next, however long the flood waits", () => {
  const queue = queueOf(...times(1000, "flood", 1e6));
  for (let i = 0; i < 500; i++) queue.shift();
  queue.push({ source: "quiet", bytes: 1, n: 0 });
  expect([queue.shift()?.source, queue.shift()?.source]).toContain("quiet");
});

it("saves nothing up for a source that was silent", () => {
  const queue = queueOf(...times(100, "busy", 10));
  for (let i = 0; i < 50; i++) queue.shift();
  for (let i = 0; i < 50; i++) queue.push({ source: "late", bytes: 10, n: i });
  const first = Array.from({ length: 20 }, () => queue.shift()?.source);
  expect(first.filter((source) => source === "late")).toHaveLength(10);
});

it("peeks at what it gives next", () => {
  const queue = queueOf(["a", 3], ["b", 1]);
  const peeked = queue.peek();
  expect(queue.length).toBe(2);
  expect(queue.shift()).toBe(peeked);
});

it("forgets sources that are gone", () => {
  const queue = queueOf(["stays", 1e12], ["stays", 1]);
  queue.shift();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 200_000; i++) {
    queue.push({ source: `name ${i}`, bytes: 1, n: i });
    queue.shift();
  }
  expect(queue.length).toBe(1);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(60e6);
});

it("gives each item once, a source's in order, and no source much more than another that waits", () => {
  const item = fc.record({
    source: fc.constantFrom("a", "b", "c"),
    bytes: fc.integer({ min: 0, max: 1000 }),
  });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 100 }), (items) => {
      const queue = createFairQueue<Item>();
      items.forEach((one, n) => {
        queue.push({ ...one, n });
      });
      const left = new Map<string, number>();
      for (const { source } of items) left.set(source, (left.get(source) ?? 0) + 1);
      const served = new Map([...left.keys()].map((source) => [source, 0]));
      const last = new Map<string, number>();
      for (let count = 0; count < items.length; count++) {
        const next = queue.shift() as Item;
        expect(next.n).toBeGreaterThan(last.get(next.source) ?? -1);
        last.set(next.source, next.n);
        left.set(next.source, (left.get(next.source) ?? 0) - 1);
        served.set(next.source, (served.get(next.source) ?? 0) + Math.max(1, next.bytes));
        const waiting = [...left].filter(([, count]) => count > 0).map(([source]) => served.get(source) ?? 0);
        if (waiting.length > 1) expect(Math.max(...waiting) - Math.min(...waiting)).toBeLessThanOrEqual(2000);
      }
      expect(queue.length).toBe(0);
    }),
  );
});
