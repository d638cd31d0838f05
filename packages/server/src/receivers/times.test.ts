import { expect, test } from "vitest";
import { timeOf } from "./times.ts";

test.each<[unknown, bigint | undefined]>([
  [1795257667.123, 1_795_257_667_123_000_000n],
  [1795257667123, 1_795_257_667_123_000_000n],
  ["1795257667123456789", 1_795_257_667_123_456_789n],
  ["2026-11-21T10:41:07.123Z", 1_795_257_667_123_000_000n],
  [" 2026-11-21T10:41:07.123456+00:00 ", 1_795_257_667_123_456_000n],
  ["2026-11-21T10:41:07.123456", 1_795_257_667_123_456_000n],
  ["2026-11-21T10:41:07Z and more", undefined],
  ["yesterday", undefined],
  ["1".repeat(1000), undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  [null, undefined],
  [{}, undefined],
])("timeOf(%j)", (value, time) => {
  expect(timeOf(value)).toBe(time);
});
