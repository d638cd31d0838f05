import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CapturingIntake, capturingIntake, receiverContext } from "../testing/capturing-intake.ts";
import { type HttpReceiver, listenWith } from "../testing/http-receiver.ts";
import { registerHttpIntakes } from "./http-intakes.ts";
import { compressSnappy, pushJson, pushRequest } from "./loki/testing/push-request.ts";

/** What no intake over HTTP may be harmed by, whichever protocol it speaks. */
interface Protocol {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  /** A request with one record of this text. */
  readonly body: (text: string) => string | Buffer;
  /** What is done to the request's bytes before they are sent. */
  readonly pack?: (body: Buffer) => Buffer;
  /** True where zeros are passed over as they come, up to a limit of its own, and are none of it at their end. */
  readonly readsOn?: boolean;
}

const JSON_TYPE = "application/json";
const TEXT = "text/plain";
const around = (before: string, after: string) => (text: string) => before + text + after;
const plain = (text: string) => text;

const PROTOCOLS: readonly Protocol[] = [
  { name: "text", path: "/v1/text", type: TEXT, body: plain },
  {
    ...{ name: "Splunk's events", path: "/services/collector/event", type: JSON_TYPE },
    body: around('{"event":"', '"}'),
  },
  { name: "Splunk's raw texts", path: "/services/collector/raw", type: TEXT, body: plain },
  {
    ...{ name: "Elasticsearch", path: "/_bulk", type: "application/x-ndjson" },
    body: around('{"create":{}}\n{"message":"', '"}\n'),
  },
  {
    ...{ name: "Loki's JSON", path: "/loki/api/v1/push", type: JSON_TYPE },
    body: (line) => pushJson({}, [{ line }]),
  },
  {
    ...{ name: "Loki's protobuf", path: "/loki/api/v1/push", type: "application/x-protobuf" },
    body: (line) => pushRequest("{}", [{ line }]),
    pack: compressSnappy,
  },
  { name: "Datadog", path: "/api/v2/logs", type: JSON_TYPE, body: around('[{"message":"', '"}]') },
  { name: "Loggly's inputs", path: "/inputs/TOKEN", type: TEXT, body: plain },
  { name: "Loggly's bulk", path: "/bulk/TOKEN", type: TEXT, body: plain },
  { name: "Papertrail", path: "/v1/logs", type: TEXT, body: around("<14>1 - web-1 shop - - - ", "") },
  {
    ...{ name: "Papertrail's bulk", path: "/v1/logs/bulk", type: TEXT },
    body: around("<14>1 - web-1 shop - - - ", ""),
  },
  {
    ...{ name: "Auralogs", path: "/v1/logs", type: JSON_TYPE },
    body: around('{"projectApiKey":"k","logs":[{"level":"info","message":"', '"}]}'),
  },
  {
    ...{ name: "GELF", path: "/gelf", type: JSON_TYPE },
    body: around('{"version":"1.1","host":"web-1","short_message":"', '"}'),
  },
  {
    ...{ name: "Raygun", path: "/entries", type: JSON_TYPE },
    body: around('{"details":{"error":{"message":"', '"}}}'),
  },
  {
    ...{ name: "Scalyr's events", path: "/api/addEvents", type: JSON_TYPE },
    body: around('{"token":"k","events":[{"attrs":{"message":"', '"}}]}'),
  },
  { name: "Scalyr's lines", path: "/api/uploadLogs?token=k", type: TEXT, body: plain },
  {
    ...{ name: "Zipkin", path: "/api/v2/spans", type: JSON_TYPE },
    body: around('[{"traceId":"0af7651916cd43dd","id":"b7ad6b7169203331","name":"', '"}]'),
  },
  {
    ...{ name: "Sentry's envelope", path: "/api/1/envelope/", type: "application/x-sentry-envelope" },
    body: around('{}\n{"type":"event"}\n{"message":"', '"}'),
    readsOn: true,
  },
  {
    ...{ name: "Sentry's store", path: "/api/1/store/", type: JSON_TYPE },
    body: around('{"message":"', '"}'),
  },
  {
    ...{ name: "journald", path: "/upload", type: "application/vnd.fdo.journal" },
    body: around("MESSAGE=", "\n\n"),
    readsOn: true,
  },
];

/** Less than the bombs come to, so that none takes long. */
const LIMITS = { compressed: 2 << 20, decompressed: 8 << 20 };
const ZEROS = Buffer.alloc(32 << 20);
const BOMBS: readonly (readonly [coding: string, bytes: Buffer])[] = [
  ["gzip", gzipSync(ZEROS)],
  ["deflate", deflateSync(ZEROS)],
  ["br", brotliCompressSync(ZEROS)],
  ["zstd", readFileSync(new URL("testdata/bomb.zst", import.meta.url))],
];
/** Stands for a byte that begins no character of UTF-8. */
const BAD_BYTE = "~";

let intake: CapturingIntake;
let errors: string[];
let receiver: HttpReceiver;
beforeAll(async () => {
  intake = capturingIntake();
  errors = [];
  receiver = await listenWith(registerHttpIntakes, receiverContext(intake, { limits: LIMITS, errors }));
});
afterAll(() => receiver.stop());
beforeEach(() => {
  intake.logs.length = 0;
  intake.spans.length = 0;
  errors.length = 0;
});

const texts = () => [...intake.logs.map(({ body }) => body), ...intake.spans.map(({ name }) => name)];

function requestOf({ body, pack = (bytes) => bytes }: Protocol, text: string): Buffer {
  const bytes = Buffer.from(body(text));
  for (let at = bytes.indexOf(BAD_BYTE); at >= 0; at = bytes.indexOf(BAD_BYTE, at)) bytes[at] = 0xff;
  return pack(bytes);
}

async function post({ path, type }: Protocol, body: Buffer, coding?: string): Promise<number> {
  const headers = { "content-type": type, ...(coding && { "content-encoding": coding }) };
  const response = await fetch(receiver.url + path, { method: "POST", headers, body: new Uint8Array(body) });
  const text = await response.text();
  // A refusal has a reason, and tells nothing of the inside.
  if (!response.ok) expect(text).toMatch(/\w+ \w+/);
  return response.status;
}

describe.each(PROTOCOLS)("$name", (protocol) => {
  /** Refused as its sender's fault, and no reason to stop taking from others. */
  async function expectRefusal(status: number): Promise<void> {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect([texts(), errors]).toEqual([[], []]);
    expect(await post(protocol, requestOf(protocol, "after"))).toBeLessThan(300);
    expect(texts()).toEqual(["after"]);
  }

  it.each(BOMBS)("refuses a bomb of %s", async (coding, bomb) => {
    const status = await post(protocol, bomb, coding);
    expect(status).toBe(protocol.readsOn ? 400 : 413);
    await expectRefusal(status);
  });

  it("refuses one compression within another", async () => {
    const nested = gzipSync(gzipSync(requestOf(protocol, "inner")));
    await expectRefusal(await post(protocol, nested, "gzip, gzip"));
  });

  it("refuses what is compressed and cut short", async () => {
    await expectRefusal(await post(protocol, gzipSync(requestOf(protocol, "cut")).subarray(0, -9), "gzip"));
  });

  it("keeps nothing of a body that is shorter than it says", async () => {
    const { hostname, port } = new URL(receiver.url);
    const body = requestOf(protocol, "short");
    const socket = connect(Number(port), hostname);
    const head = `POST ${protocol.path} HTTP/1.1\r\nhost: a\r\ncontent-type: ${protocol.type}`;
    socket.write(`${head}\r\ncontent-length: ${body.length + 1}\r\n\r\n`);
    socket.end(body);
    await once(socket.resume(), "close");
    await expectRefusal(400);
  });

  it("keeps a megabyte on one line", async () => {
    const text = `started ${"x".repeat(1_000_000 - 8)}`;
    expect(await post(protocol, requestOf(protocol, text))).toBeLessThan(300);
    expect(texts()[0] === text).toBe(true);
  });

  it("replaces what isn't UTF-8", async () => {
    expect(await post(protocol, requestOf(protocol, `one${BAD_BYTE}two`))).toBeLessThan(300);
    expect(texts()).toEqual(["one\uFFFDtwo"]);
  });
});
