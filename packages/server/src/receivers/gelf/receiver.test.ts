import { createSocket } from "node:dgram";
import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { connectTo, portOf, write } from "../../testing/network-client.ts";
import type { NetworkReceiver } from "../listeners/network-receiver.ts";
import { startGelf } from "./receiver.ts";

let intake: CapturingIntake;
let counts: Counts;
let receiver: NetworkReceiver;
const client = createSocket("udp4").unref();

beforeEach(async () => {
  intake = capturingIntake();
  counts = {};
  receiver = await startGelf(receiverContext(intake, { counts }), { host: "127.0.0.1", port: 0 });
});
afterEach(() => receiver.stop(1_000));

const send = (datagram: Buffer) => client.send(datagram, portOf(receiver), "127.0.0.1");
const message = (text: string) =>
  Buffer.from(JSON.stringify({ version: "1.1", host: "h", short_message: text }));
const chunk = (number: number, count: number, content: Buffer) =>
  Buffer.concat([Buffer.from("\x1e\x0fabcdefgh", "latin1"), Buffer.of(number, count), content]);
const bodies = () => intake.logs.map((log) => log.body);

describe("GELF over UDP", () => {
  it.each<[how: string, pack: (bytes: Buffer) => Buffer]>([
    ["plain", (bytes) => bytes],
    ["gzip", gzipSync],
    ["zlib", deflateSync],
    ["zlib without effort", (bytes) => deflateSync(bytes, { level: 0 })],
  ])("takes %s, whole and in chunks", async (_how, pack) => {
    send(pack(message("whole")));
    await expect.poll(bodies).toEqual(["whole"]);
    const packed = pack(message("in chunks"));
    send(chunk(1, 2, packed.subarray(20)));
    send(chunk(0, 2, packed.subarray(0, 20)));
    await expect.poll(bodies).toEqual(["whole", "in chunks"]);
  });

  it("is not ended by a message whose level is an object with a toString of its own", async () => {
    send(Buffer.from('{"version":"1.1","host":"h","short_message":"odd","level":{"toString":1}}'));
    send(message("next"));
    await expect.poll(bodies).toEqual(["odd", "next"]);
    expect(intake.logs[0]?.attributes).toEqual(["level.toString", "1"]);
  });

  it("takes a message that is large once it is decompressed", async () => {
    send(gzipSync(message("x".repeat(700_000))));
    await expect.poll(() => intake.logs[0]?.body.length).toBe(700_000);
  });

  it.each<[what: string, datagram: Buffer, reason: string]>([
    ["a bomb", gzipSync(Buffer.alloc(60 << 20)), "too_large"],
    ["compression within compression", gzipSync(gzipSync(message("a"))), "malformed"],
    ["compressed bytes cut short", gzipSync(message("a")).subarray(0, 30), "malformed"],
    [
      "compressed bytes gone bad",
      Buffer.concat([gzipSync(message("a")).subarray(0, 20), Buffer.alloc(30)]),
      "malformed",
    ],
    ["more than 128 chunks", chunk(0, 129, message("a")), "malformed"],
    ["no JSON", Buffer.from("hello"), "malformed"],
    ["bytes of no meaning", Buffer.from([0xff, 0xfe, 0x00, 0x80]), "malformed"],
  ])("refuses %s, and takes the next", async (_what, datagram, reason) => {
    send(datagram);
    await expect.poll(() => counts).toEqual({ [`rejected ${reason}`]: 1 });
    send(message("next"));
    await expect.poll(bodies).toEqual(["next"]);
  });

  it("drops and counts what comes while the store is behind", async () => {
    intake.hold();
    const large = message("x".repeat(60_000));
    // The queue takes 16 MB; the system's own buffer the rest, which is lost without a word.
    for (let i = 0; i < 600; i++) {
      send(large);
      if (i % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => counts["rejected full"]).toBeGreaterThan(50);
    intake.release();
    await expect.poll(() => counts.accepted).toBeGreaterThan(200);
    send(message("after"));
    await expect.poll(() => bodies().at(-1)).toBe("after");
  });
});

describe("GELF over TCP", () => {
  it("takes the last message without a NUL, and newlines between them", async () => {
    const socket = await connectTo(receiver);
    await write(socket, Buffer.concat([message("a"), Buffer.from("\0\n\0"), message("b")]));
    socket.end();
    await expect.poll(bodies).toEqual(["a", "b"]);
  });

  it("cuts off who sends on without a NUL, and no other", async () => {
    const other = await connectTo(receiver);
    const socket = await connectTo(receiver);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const filler = Buffer.alloc(1 << 20, "x");
    for (let i = 0; i < 10 && !socket.destroyed; i++) await write(socket, filler).catch(() => {});
    await closed;
    expect(counts).toEqual({ "rejected too_large": 1 });
    await write(other, Buffer.concat([message("other"), Buffer.of(0)]));
    await expect.poll(bodies).toEqual(["other"]);
  });
});
