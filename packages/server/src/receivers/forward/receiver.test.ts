import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { EventTime as ClientTime, FluentClient } from "@fluent-org/logger";
import { ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { connectTo, portOf, write } from "../../testing/network-client.ts";
import type { NetworkReceiver } from "../listeners/network-receiver.ts";
import { startForward } from "./receiver.ts";

const KEY = "a-shared-key-of-32-letters-or-so";
const SECONDS = 1_795_257_667;
const ZSTD_BOMB = readFileSync(new URL("../testdata/bomb.zst", import.meta.url));

const entryOf = (message: string): Uint8Array => encode([SECONDS, { message }]);

/** A frame of zstd whose only block is stored as it is: Node's own encoder came with 22.15. */
function zstd(bytes: Uint8Array): Buffer {
  const block = Buffer.alloc(3);
  block.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  const head = Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, bytes.length);
  return Buffer.concat([head, block, bytes]);
}

let intake: CapturingIntake;
let counts: Counts;
let errors: string[];
let receiver: NetworkReceiver;

async function start(sharedKey: string | null = null): Promise<void> {
  receiver = await startForward(receiverContext(intake, { counts, errors }), {
    host: "127.0.0.1",
    port: 0,
    sharedKey,
  });
}
beforeEach(() => {
  intake = capturingIntake();
  counts = {};
  errors = [];
});
afterEach(() => receiver.stop(1_000));

const bodies = () => intake.logs.map((log) => log.body);

/** The attributes of the only record. */
function attributes(): Record<string, string> {
  const pairs = intake.logs[0]?.attributes ?? [];
  return Object.fromEntries(pairs.flatMap((name, i) => (i % 2 === 0 ? [[name, pairs[i + 1]!]] : [])));
}

/** `0xd7 0x00`: fixext 8 of type 0. */
function eventTime(seconds: number, nanoseconds: number): ExtData {
  const data = Buffer.alloc(8);
  data.writeUInt32BE(seconds);
  data.writeUInt32BE(nanoseconds, 4);
  return new ExtData(0, data);
}

async function send(...messages: readonly unknown[]): Promise<void> {
  const socket = await connectTo(receiver);
  await write(socket, Buffer.concat(messages.map((message) => encode(message, { useBigInt64: true }))));
  socket.end();
}

describe("an entry", () => {
  it.each<[what: string, time: unknown, nanoseconds: bigint]>([
    ["an EventTime", eventTime(SECONDS, 123_456_789), 1_795_257_667_123_456_789n],
    ["seconds", SECONDS, 1_795_257_667_000_000_000n],
    ["seconds and a fraction", SECONDS + 0.25, 1_795_257_667_250_000_000n],
    ["seconds in 64 bits", BigInt(SECONDS), 1_795_257_667_000_000_000n],
    ["a time with metadata", [eventTime(SECONDS, 5), { source: "a" }], 1_795_257_667_000_000_005n],
    ["no time", null, 1_700_000_000_000_000_000n],
  ])("has %s", async (_what, time, nanoseconds) => {
    await start();
    await send(["tag", [[time, { message: "a" }]]]);
    await expect.poll(() => intake.logs[0]?.timestamp).toBe(nanoseconds);
  });

  it("of Docker's log driver keeps its container, and the stream it came from", async () => {
    await start();
    const record = {
      container_id: "3f1c2b7a9d10aa",
      container_name: "/shop",
      source: "stderr",
      log: "ERROR no stock\n",
    };
    await send(["3f1c2b7a9d10", SECONDS, record, {}]);
    await expect.poll(bodies).toEqual(["ERROR no stock"]);
    const [log] = intake.logs;
    expect([log?.resource.serviceName, log?.scope.name, log?.severityNumber]).toEqual([
      "shop",
      "3f1c2b7a9d10",
      17,
    ]);
    expect(attributes()).toEqual({
      ...{ container_id: "3f1c2b7a9d10aa", container_name: "/shop", source: "stderr" },
      "fluent.tag": "3f1c2b7a9d10",
    });
  });

  it("keeps values that JSON has no word for, and its own time beside the entry's", async () => {
    await start();
    const record = {
      ...{
        message: "a",
        id: 12_345_678_901_234_567_890n,
        raw: Buffer.from("späť"),
        time: "2020-01-01T00:00:00Z",
      },
      ...{ nested: { list: [1n, Buffer.from("b")] }, nothing: null },
    };
    await send(["tag", SECONDS, record]);
    await expect.poll(bodies).toEqual(["a"]);
    expect(attributes()).toEqual({
      ...{
        id: "12345678901234567890",
        raw: "späť",
        time: "2020-01-01T00:00:00Z",
        "nested.list": '["1","b"]',
      },
      "fluent.tag": "tag",
    });
  });

  it("without a message is its own text", async () => {
    await start();
    await send(["tag", SECONDS, { a: 1, b: { c: true } }]);
    await expect.poll(bodies).toEqual(['{"a":1,"b":{"c":true}}']);
  });
});

describe("what comes over the wire", () => {
  it("is taken whatever its chunks, heartbeats among it", async () => {
    await start();
    const messages = [null, ["t", SECONDS, { message: "one" }], null, ["t", [[SECONDS, { message: "two" }]]]];
    const bytes = Buffer.concat(messages.map((message) => encode(message)));
    const socket = await connectTo(receiver);
    for (const byte of bytes) await write(socket, Buffer.of(byte));
    await expect.poll(bodies).toEqual(["one", "two"]);
    socket.destroy();
  });

  it("goes on in order behind what had to be decompressed", async () => {
    await start();
    const packed = (text: string) => gzipSync(entryOf(text));
    await send(
      ["t", Buffer.concat([packed("1"), packed("2")]), { compressed: "gzip" }],
      ["t", SECONDS, { message: "3" }],
      ["t", packed("4"), { compressed: "gzip" }],
      ["t", SECONDS, { message: "5" }],
      ["t", Buffer.concat([zstd(entryOf("6")), zstd(entryOf("7"))]), { compressed: "zstd" }],
      ["t", Buffer.from(entryOf("8")), { compressed: "text" }],
    );
    await expect.poll(bodies).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
  });

  it.each<[what: string, bytes: Uint8Array, reason: string]>([
    ["a byte that means nothing", Buffer.of(0xc1), "malformed"],
    ["a number", Buffer.of(1), "malformed"],
    ["a list of one", encode(["tag"]), "malformed"],
    ["a tag that is none", encode([1, 2, {}]), "malformed"],
    ["an option that is none", encode(["t", [[SECONDS, {}]], 5]), "malformed"],
    [
      "what says that it is compressed",
      encode(["t", Buffer.from("plain"), { compressed: "gzip" }]),
      "malformed",
    ],
    ["a bomb", encode(["t", gzipSync(Buffer.alloc(200 << 20)), { compressed: "gzip" }]), "too_large"],
    ["compressed bytes cut short", encode(["t", gzipSync("abcdef").subarray(0, 20)]), "malformed"],
    ["a bomb of zstd", encode(["t", ZSTD_BOMB, { compressed: "zstd" }]), "too_large"],
    [
      "zstd cut short",
      encode(["t", zstd(entryOf("a")).subarray(0, 12), { compressed: "zstd" }]),
      "malformed",
    ],
    ["no zstd", encode(["t", Buffer.from("plain"), { compressed: "zstd" }]), "malformed"],
    [
      "a compression of tomorrow",
      encode(["t", Buffer.from(entryOf("a")), { compressed: "lz4" }]),
      "malformed",
    ],
    ["a text that says it has 4 GB, and its beginning", tooLong(), "too_large"],
  ])("ends the connection when it is %s, and no other", async (_what, bytes, reason) => {
    await start();
    const other = await connectTo(receiver);
    const socket = await connectTo(receiver);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await write(socket, bytes).catch(() => {});
    await closed;
    expect(counts).toEqual({ [`rejected ${reason}`]: 1 });
    await write(other, encode(["t", SECONDS, { message: "other" }]));
    await expect.poll(bodies).toEqual(["other"]);
    other.destroy();
  });

  it("stores nothing behind one that is refused and will come again", async () => {
    await start();
    const socket = await connectTo(receiver);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    intake.refuseNext(new PolylogError("POLYLOG_E_INTAKE_FULL", "Full", { retryAfterSeconds: 1 }));
    const messages = ["a", "b", "c"].map((message) =>
      encode(["t", SECONDS, { message }, { chunk: message }]),
    );
    await write(socket, Buffer.concat(messages));
    await closed;
    expect(bodies()).toEqual([]);
    const again = await connectTo(receiver);
    again.resume();
    await write(again, Buffer.concat(messages));
    await expect.poll(bodies).toEqual(["a", "b", "c"]);
    again.destroy();
  });

  it.each<[what: string, bytes: Uint8Array]>([
    [
      "a list that says it has four billion entries",
      Buffer.from([0x92, 0xa1, 0x74, 0xdd, 0xff, 0xff, 0xff, 0xff]),
    ],
    ["a map that says so", Buffer.from([0x93, 0xa1, 0x74, 0x01, 0xdf, 0xff, 0xff, 0xff, 0xff])],
  ])("costs nothing when it is %s", async (_what, bytes) => {
    await start();
    const before = process.memoryUsage().rss;
    const sockets = await Promise.all(Array.from({ length: 50 }, () => connectTo(receiver)));
    for (const socket of sockets) await write(socket, bytes);
    await send(["t", SECONDS, { message: "other" }]);
    await expect.poll(bodies).toEqual(["other"]);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    for (const socket of sockets) socket.destroy();
  });

  it("passes over an entry with a name that is no name, and one that is nested deeply", async () => {
    await start();
    const proto = Buffer.concat([Buffer.of(0x81), encode("__proto__"), encode({ polluted: true })]);
    const entry = Buffer.concat([Buffer.of(0x92), encode(SECONDS), proto]);
    let deep: unknown = 1;
    for (let i = 0; i < 90; i++) deep = { a: deep };
    const packed = Buffer.concat([
      entry,
      encode([SECONDS, { message: "deep", deep }]),
      encode([SECONDS, { message: "b" }]),
    ]);
    await send(["t", packed]);
    await expect.poll(bodies).toEqual(["deep", "b"]);
    expect(counts).toMatchObject({ "rejected malformed": 1 });
    expect({}).not.toHaveProperty("polluted");
  });

  it("is refused for what it is, never for a fault of ours", async () => {
    await start();
    const value = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.jsonValue().map((json) => encode(["t", json, json])),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 4 }), async (parts) => {
        const socket = await connectTo(receiver);
        const closed = new Promise((resolve) => socket.once("close", resolve));
        socket.resume();
        await write(socket, Buffer.concat(parts)).catch(() => {});
        socket.end();
        await closed;
      }),
      { numRuns: 150 },
    );
    expect(errors).toEqual([]);
    await send(["t", SECONDS, { message: "other" }]);
    await expect.poll(() => bodies().at(-1)).toBe("other");
  });
});

describe("a shared key", () => {
  async function sendByClient(sharedKey: string): Promise<void> {
    const client = new FluentClient("tag", {
      ack: { ackTimeout: 2_000 },
      socket: { host: "127.0.0.1", port: portOf(receiver), disableReconnect: true },
      security: { clientHostname: "client", sharedKey },
    });
    try {
      await client.connect();
      await client.emit({ message: "known" }, ClientTime.now());
    } finally {
      await client.disconnect();
    }
  }

  it("lets in who knows it", async () => {
    await start(KEY);
    await sendByClient(KEY);
    expect(bodies()).toEqual(["known"]);
  });

  it("keeps out who doesn't", async () => {
    await start(KEY);
    // The client is told, and tries on.
    void sendByClient("another").catch(() => {});
    await expect.poll(() => counts["rejected unauthorized"]).toBeGreaterThan(0);
    expect(bodies()).toEqual([]);
  });

  it("keeps out who sends without having been asked", async () => {
    await start(KEY);
    await send(["t", SECONDS, { message: "stranger" }]);
    await expect.poll(() => counts).toEqual({ "rejected unauthorized": 1 });
    expect(bodies()).toEqual([]);
  });
});

function tooLong(): Buffer {
  return Buffer.concat([Buffer.from([0x92, 0xdb, 0xff, 0xff, 0xff, 0xff]), Buffer.alloc(34 << 20, "x")]);
}
