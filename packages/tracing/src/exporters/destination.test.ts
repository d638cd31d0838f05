import { expect, test } from "vitest";
import { addressOf } from "./destination.ts";

test.each([
  ["http://user:secret@collector:4318/v1/traces", "http://collector:4318"],
  ["collector:4317", "https://collector:4317"],
  ["http://user:secret@collector:port", "an endpoint that is no URL"],
])("of %s people see %s", (url, expected) => {
  expect(addressOf("traces", { protocol: "grpc", url, headers: undefined }, {})).toBe(expected);
});
