import { expect, it } from "vitest";
import { sendAtEnd } from "./send-at-end.ts";

it("what can't be sent throws nothing into the end of a process", () => {
  const destination = { protocol: "http/json", url: "http://127.0.0.1:9", headers: undefined } as const;
  const unreadable = [{}] as never;
  expect(sendAtEnd(unreadable, destination, 1_000)).toBe(false);
});
