import { expect, it } from "vitest";
import { isLoopback } from "./loopback.ts";

it.each<[host: string, expected: boolean]>([
  ["127.0.0.1", true],
  ["127.8.9.10", true],
  ["::1", true],
  ["[::1]", true],
  ["::ffff:127.0.0.1", true],
  ["localhost", true],
  ["LOCALHOST", true],
  ["polylog.localhost", true],
  ["0.0.0.0", false],
  ["::", false],
  ["10.0.0.1", false],
  ["127.0.0.1.example.com", false],
  ["localhost.example.com", false],
  ["", false],
])("%j is loopback: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
