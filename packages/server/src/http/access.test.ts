import { describe, expect, it } from "vitest";
import { isHostTrusted, isOriginTrusted, tokenChecker } from "./access.ts";

describe("isHostTrusted", () => {
  it.each([
    [undefined, true],
    ["localhost:4318", true],
    ["127.0.0.1:4318", true],
    ["[::1]:4318", true],
    ["192.168.1.5:4318", true],
    ["rebound.example:4318", false],
    ["127.0.0.1.rebound.example:4318", false],
    ["rebound.example", false],
  ])("%s is %s", (host, expected) => expect(isHostTrusted(host)).toBe(expected));
});

describe("isOriginTrusted", () => {
  it.each([
    [undefined, "localhost:4318", true],
    ["http://localhost:4318", "localhost:4318", true],
    ["http://localhost:3000", "localhost:4318", true],
    ["https://logs.example", "logs.example", true],
    ["https://evil.example", "localhost:4318", false],
    ["null", "localhost:4318", false],
  ])("%s to %s is %s", (origin, host, expected) => expect(isOriginTrusted(origin, host)).toBe(expected));
});

describe("tokenChecker", () => {
  const isAllowed = tokenChecker("s3cret:x");
  it.each([
    ["Bearer s3cret:x", true],
    ["bearer s3cret:x", true],
    [`Basic ${Buffer.from("anyone:s3cret:x").toString("base64")}`, true],
    ["Bearer s3cret", false],
    ["Bearer ", false],
    ["s3cret:x", false],
    ["", false],
    [undefined, false],
  ])("%s is %s", (header, expected) => expect(isAllowed(header)).toBe(expected));
});
