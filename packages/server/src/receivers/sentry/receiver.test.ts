import { readFileSync } from "node:fs";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import { keyChecker } from "../../http/access.ts";
import { createApp } from "../../http/app.ts";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { registerSentry } from "./receiver.ts";

let intake: CapturingIntake;
let counts: Counts;
let app: ReturnType<typeof createApp>;

async function open(authToken: string | null = null): Promise<void> {
  intake = capturingIntake();
  counts = {};
  const context = { ...receiverContext(intake, { counts }), isKey: keyChecker(authToken) };
  app = createApp({ authToken, log: context.log });
  registerSentry(app, context);
  await app.ready();
}
beforeEach(() => open());
afterEach(() => app.close());

const lines = (...values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");
const ENVELOPE = lines({ event_id: "ab" }, { type: "event" }, { message: "hello" });

const post = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
  app.inject({ method: "POST", url, payload, headers: { host: "localhost", ...headers } });

describe("an envelope", () => {
  it.each<[string, (text: string) => Buffer]>([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("may be packed with %s", async (coding, pack) => {
    const answer = await post("/api/1/envelope/", pack(ENVELOPE), { "content-encoding": coding });
    expect([answer.statusCode, answer.json(), intake.logs[0]?.body]).toEqual([200, { id: "ab" }, "hello"]);
  });

  it("may be packed with zstd", async () => {
    const packed = readFileSync(new URL("testdata/envelope.zst", import.meta.url));
    const answer = await post("/api/1/envelope/", packed, { "content-encoding": "zstd" });
    expect([answer.statusCode, intake.logs[0]?.body]).toEqual([200, "hello"]);
  });

  it.each<[string, string | Buffer, Record<string, string>, number]>([
    ["a bomb", gzipSync(Buffer.alloc(256 << 20)), { "content-encoding": "gzip" }, 400],
    [
      "a bomb in an attachment",
      gzipSync(
        Buffer.concat([
          Buffer.from(`{}\n{"type":"attachment","length":${256 << 20}}\n`),
          Buffer.alloc(256 << 20),
        ]),
      ),
      { "content-encoding": "gzip" },
      413,
    ],
    [
      "a bomb of zstd",
      readFileSync(new URL("../testdata/bomb.zst", import.meta.url)),
      { "content-encoding": "zstd" },
      400,
    ],
    ["one packed twice", gzipSync(gzipSync(ENVELOPE)), { "content-encoding": "gzip" }, 400],
    ["one that is cut off", gzipSync(ENVELOPE).subarray(0, 40), { "content-encoding": "gzip" }, 400],
    ["one with an unknown coding", ENVELOPE, { "content-encoding": "lzma" }, 415],
    ["one whose item is cut off", '{}\n{"type":"event","length":100}\n{}', {}, 400],
    [
      "an event of more than a megabyte",
      lines({}, { type: "event" }, { message: "x".repeat(1 << 20) }),
      {},
      413,
    ],
    ["what is none", Buffer.from([0xff, 0xfe, 0, 10]), {}, 400],
  ])("that is %s is refused", async (_, payload, headers, status) => {
    const answer = await post("/api/1/envelope/", payload, headers);
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      expect.objectContaining({ detail: expect.any(String) }),
    ]);
    expect(intake.logs).toEqual([]);
  });

  it("may hold what isn't kept, which is counted", async () => {
    const items = ["session", "sessions", "attachment", "client_report", "trace_metric", "of tomorrow"];
    const answer = await post(
      "/api/1/envelope/",
      lines({}, ...items.flatMap((type) => [{ type, length: 2 }, {}])),
    );
    expect(answer.statusCode).toBe(200);
    expect(counts).toEqual({
      ...{ "rejected session": 2, "rejected attachment": 1, "rejected client_report": 1 },
      ...{ "rejected metric": 1, "rejected unknown_item": 1 },
    });
  });

  it("is kept beside an item that is too large", async () => {
    const large = [{ type: "event" }, { message: "x".repeat(1 << 20) }];
    const answer = await post(
      "/api/1/envelope/",
      lines({}, ...large, { type: "event" }, { message: "hello" }),
    );
    expect([answer.statusCode, intake.logs.map((log) => log.body), counts]).toEqual([
      ...[200, ["hello"]],
      { accepted: 1, "rejected malformed": 1 },
    ]);
  });

  it("with a megabyte on a line that is no UTF-8 is kept", async () => {
    const text = Buffer.concat([
      Buffer.from('{"message":"'),
      Buffer.alloc(1_000_000, 0xff),
      Buffer.from('"}'),
    ]);
    const answer = await post(
      "/api/1/envelope/",
      Buffer.concat([Buffer.from('{}\n{"type":"event"}\n'), text]),
    );
    expect([answer.statusCode, intake.logs[0]?.body]).toEqual([200, "\u{fffd}".repeat(1_000_000)]);
  });
});

describe("the older endpoint", () => {
  const event = JSON.stringify({ event_id: "ab", message: "hello" });
  it.each<[string, string | Buffer]>([
    ["JSON", event],
    ["deflated JSON in base64", deflateSync(event).toString("base64")],
    ["deflated JSON", deflateSync(event)],
  ])("takes %s", async (_, payload) => {
    const answer = await post("/api/1/store/", payload);
    expect([answer.statusCode, answer.json(), intake.logs[0]?.body]).toEqual([200, { id: "ab" }, "hello"]);
  });

  it.each([["[]"], ["oops"], [deflateSync(Buffer.alloc(64 << 20)).toString("base64")]])(
    "refuses %.20s",
    async (payload) => {
      expect((await post("/api/1/store/", payload)).statusCode).toBe(400);
    },
  );
});

describe("a server with a key", () => {
  beforeEach(async () => {
    await app.close();
    await open("secret");
  });

  const withDsn = lines({ dsn: "https://secret@shop.example/1" }, { type: "event" }, { message: "hello" });
  it.each<[string, string, string, Record<string, string>, number]>([
    [
      "in X-Sentry-Auth",
      "/api/1/envelope/",
      ENVELOPE,
      { "x-sentry-auth": "Sentry sentry_version=7, sentry_key=secret, sentry_client=a/1" },
      200,
    ],
    ["in Authorization", "/api/1/store/", "{}", { authorization: "Sentry sentry_key=secret" }, 200],
    ["in the address", "/api/1/envelope/?sentry_key=secret", ENVELOPE, {}, 200],
    ["in the DSN", "/api/1/envelope/", withDsn, {}, 200],
    ["as everywhere", "/api/1/envelope/", ENVELOPE, { authorization: "Bearer secret" }, 200],
    ["that is another", "/api/1/envelope/?sentry_key=wrong", ENVELOPE, {}, 403],
    ["that is another in the DSN", "/api/1/envelope/", withDsn.replace("secret", "wrong"), {}, 403],
    [
      "that is another in Authorization",
      "/api/1/envelope/",
      ENVELOPE,
      { authorization: "Bearer wrong" },
      403,
    ],
    ["that is missing", "/api/1/envelope/", ENVELOPE, {}, 403],
    ["that is missing, at the older endpoint", "/api/1/store/", "{}", {}, 403],
  ])("wants it %s", async (_, url, payload, headers, status) => {
    expect((await post(url, payload, headers)).statusCode).toBe(status);
    expect(intake.logs).toHaveLength(status === 200 ? 1 : 0);
  });
});

it("tells SDKs for how long to be silent", async () => {
  intake.refuseNext(new PolylogError("POLYLOG_E_INTAKE_FULL", "Full", { retryAfterSeconds: 6.5 }));
  const { statusCode, headers } = await post("/api/1/envelope/", ENVELOPE, {
    origin: "http://localhost:3000",
  });
  expect([statusCode, headers["retry-after"], headers["x-sentry-rate-limits"]]).toEqual([429, "7", "7::key"]);
  expect(headers["access-control-expose-headers"]).toContain("x-sentry-rate-limits");
});

it("takes what pages of this machine send, and refuses those of others", async () => {
  const url = "/api/1/envelope/?sentry_key=any";
  const near = await post(url, ENVELOPE, {
    origin: "http://localhost:3000",
    "content-type": "text/plain;charset=UTF-8",
  });
  expect([near.statusCode, near.headers["access-control-allow-origin"]]).toEqual([
    200,
    "http://localhost:3000",
  ]);
  expect((await post(url, ENVELOPE, { origin: "https://shop.example" })).statusCode).toBe(403);
});
