import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRecord } from "./testing/record.ts";
import { type SearchEngine, startSearchEngine } from "./testing/search-engine.ts";

let engine: SearchEngine;
beforeAll(async () => {
  engine = await startSearchEngine();
});
afterAll(() => engine?.close());

describe("the engine's indexes", () => {
  beforeAll(async () => {
    await engine.insert(
      Array.from({ length: 200 }, (_, index) =>
        testRecord({
          id: index + 1,
          body: `request ${index} was ${index === 150 ? "declined" : "accepted"}`,
          attributes: { customer: `c${index}` },
          trace: `${index}`.padStart(32, "0"),
        }),
      ),
    );
  });

  test.each<[query: string, indexes: string[]]>([
    ["declined", ["idx_body"]],
    ["message:declined", ["idx_body"]],
    ["declined request", ["idx_body"]],
    ['"was declined"', ["idx_body"]],
    ["decline*", ["idx_body"]],
    ["*eclined*", ["idx_body"]],
    ["declined OR 17", ["idx_body"]],
    [`trace:${"7".padStart(32, "0")}`, ["idx_trace_id"]],
    ["id:7", ["idx_id"]],
    ["customer:c7", ["idx_attribute_keys", "idx_attribute_values"]],
    ["attributes.customer:c7", ["idx_attribute_keys", "idx_attribute_values"]],
    ["resource.nowhere:*", ["idx_attribute_keys"]],
    ["nowhere:>5 declined OR nothing:x*", ["idx_attribute_keys"]],
  ])("are asked for %s", async (query, indexes) => {
    expect(await engine.indexes(query)).toEqual(expect.arrayContaining(indexes));
  });

  test.each([
    "nowhere:x",
    "nowhere:*",
    "nowhere:>5",
    "nowhere:x*",
    "customer:nobody",
    "a:1 b:2 c:3 d:4 e:5",
    "a:1 OR b:2 OR c:3 OR d:4 OR e:5",
    "nothing OR (nowhere:x level:info)",
  ])("leave next to nothing to read of 25 granules for %s", async (query) => {
    expect(await engine.granules(query)).toBeLessThanOrEqual(2); // bloom filters may be wrong about one in 100
  });
});
