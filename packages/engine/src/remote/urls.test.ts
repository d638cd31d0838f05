import { expect, test } from "vitest";
import { parseUrls } from "./urls.ts";

test.each([
  [["http://a:8123"], ["http://a:8123"]],
  [
    ["http://a:8123/", "https://b"],
    ["http://a:8123", "https://b"],
  ],
  [["http://a:8123", "http://a:8123/"], ["http://a:8123"]],
  [["http://[::1]:8123"], ["http://[::1]:8123"]],
])("%j is taken", (urls, expected) => {
  expect(parseUrls(urls)).toEqual(expected);
});

test.each([
  [[], "No ClickHouse URL is given"],
  [["a:8123"], "not an HTTP URL"],
  [["nonsense"], "not a URL"],
  [["tcp://a:9000"], "not an HTTP URL"],
  [["http://a:8123/database"], "more than scheme, host and port"],
  [["http://a:8123/?user=x"], "more than scheme, host and port"],
])("%j is refused", (urls, message) => {
  expect(() => parseUrls(urls)).toThrow(message);
});

test("a password in a URL is refused without being repeated", () => {
  expect(() => parseUrls(["http://me:hunter2@a:8123"])).toThrow(
    /^The URL of a:8123 holds a user name or password/,
  );
});
