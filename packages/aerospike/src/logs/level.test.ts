import { expect, test } from "vitest";
import { neededLevel } from "./level.ts";

test.each([
  ["info", 2],
  ["off", -1],
  ["", -1],
  ["fatal", 0],
  ["info,aerospike=error", 0],
  ["trace,aerospike=off", -1],
  ["off,aerospike.as_cluster=trace", 4],
  ["warn,aerospike=error,aerospike.as_node=debug,aerospike.as_cluster=info", 3],
  ["warn,aerospikes=trace,app.aerospike=trace", 1],
  ["warn,aerospike[request{id=1}]=trace", 1],
])("%s needs the client's level %i", (filter, level) => {
  expect(neededLevel(filter)).toBe(level);
});
