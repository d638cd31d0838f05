import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { checkedEndpoint } from "./endpoint.ts";

describe("an endpoint", () => {
  it.each([
    "https://logs.example.com",
    "http://localhost:4318",
    "http://app.localhost",
    "http://127.0.0.1:4318/base/",
    "http://127.1.2.3",
    "http://[::1]:80",
  ])("%s is taken", (endpoint) => {
    expect(checkedEndpoint("sink", endpoint, false)).toEqual(new URL(endpoint));
  });

  it.each([
    ["http://logs.example.com", /not https/],
    ["http://localhost.example.com", /not https/],
    ["http://127.0.0.1.example.com", /not https/],
    ["http://10.0.0.1", /not https/],
    ["http://[::2]", /not https/],
    ["ftp://logs.example.com", /ftp:/],
    ["logs.example.com", /no URL/],
    ["", /no URL/],
    ["https://user:secret@logs.example.com", /user or password/],
  ])("%j is refused, with what to do", (endpoint, reason) => {
    expect(() => checkedEndpoint("sink", endpoint, false)).toThrow(
      expect.objectContaining({
        code: "POLYLOG_E_ENDPOINT",
        message: expect.stringMatching(reason),
        remedy: expect.any(String),
      }),
    );
  });

  it("of plain http is taken when that is wanted", () => {
    expect(checkedEndpoint("sink", "http://collector:4318", true).host).toBe("collector:4318");
  });

  it.each([
    "https://user:secret@logs.example.com",
    "https://user:secret@logs.example.com:port",
    "user:secret@logs.example.com",
    "secret:x@logs.example.com",
    "ftp://user:secret@logs.example.com",
  ])("shows nothing secret of %s in its error", (endpoint) => {
    try {
      checkedEndpoint("sink", endpoint, false);
      expect.fail("it was taken");
    } catch (error) {
      expect(inspect(error)).toMatch(/POLYLOG_E_ENDPOINT/);
      expect(inspect(error).split("\n    at ")[0]).not.toMatch(/secret/);
      expect((error as Error).cause).toBeUndefined();
    }
  });
});
