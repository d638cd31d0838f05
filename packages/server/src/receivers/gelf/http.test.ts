import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it, test } from "vitest";
import { type CapturingIntake, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { type HttpReceiver, listenWith } from "../../testing/http-receiver.ts";
import { decodeGelfBody } from "./body.ts";
import { registerGelfHttp } from "./http.ts";

const message = (short_message: string, indent?: number) =>
  JSON.stringify({ version: "1.1", host: "web-1", short_message, level: 6 }, null, indent);

test.each<[string, string, (string | null)[]]>([
  ["one message", message("a"), ["a"]],
  ["one that is laid out over lines", message("a", 2), ["a"]],
  ["one with a newline behind it", `${message("a")}\n`, ["a"]],
  ["one on each line", `${message("a")}\r\n\n${message("b")}\n`, ["a", "b"]],
  ["a bad one among others", `${message("a")}\noops\n${message("b")}`, ["a", null, "b"]],
])("a body with %s", (_, body, texts) => {
  const records = [...decodeGelfBody(Buffer.from(body), { now: 1n })];
  expect(records.map((record) => record?.body ?? null)).toEqual(texts);
});

test.each([
  ["", /it is empty/],
  ["{}", /no short_message/],
  ["oops", /not JSON/],
  ["[]", /not a JSON object/],
])("a body of %j is refused", (body, why) => {
  expect(() => [...decodeGelfBody(Buffer.from(body), { now: 1n })]).toThrow(why);
});

let intake: CapturingIntake;
let receiver: HttpReceiver;
beforeEach(async () => {
  intake = capturingIntake();
  const limits = { compressed: 1 << 20, decompressed: 4 << 20 };
  receiver = await listenWith(registerGelfHttp, receiverContext(intake, { limits }));
});
afterEach(() => receiver.stop());

it("answers 202, and takes compressed bodies", async () => {
  const response = await fetch(`${receiver.url}/gelf`, {
    ...{ method: "POST", headers: { "content-encoding": "gzip" } },
    body: gzipSync(message("packed")),
  });
  expect({ status: response.status, answer: await response.json() }).toEqual({
    ...{ status: 202, answer: { accepted: 1, rejected: 0 } },
  });
  expect(intake.logs[0]).toMatchObject({ body: "packed", resource: { host: "web-1" } });
});

it.each([
  ["a bomb", gzipSync(Buffer.alloc(64 << 20)), 413],
  ["a bomb within a bomb", gzipSync(gzipSync(Buffer.alloc(64 << 20))), 400],
  ["a body that is cut off", gzipSync(message("a")).subarray(0, 30), 400],
])("refuses %s", async (_, body, status) => {
  const headers = { "content-encoding": "gzip" };
  const response = await fetch(`${receiver.url}/gelf`, { method: "POST", headers, body });
  expect(response.status).toBe(status);
  expect(intake.logs).toEqual([]);
});
