import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { acknowledged, head, u32, windowOf } from "../../testing/lumberjack-client.ts";
import { connectTo, write } from "../../testing/network-client.ts";
import type { NetworkReceiver } from "../listeners/network-receiver.ts";
import { startLumberjack } from "./receiver.ts";

let intake: CapturingIntake;
let counts: Counts;
let errors: string[];
let receiver: NetworkReceiver;
beforeEach(async () => {
  intake = capturingIntake();
  counts = {};
  errors = [];
  receiver = await startLumberjack(receiverContext(intake, { counts, errors }), {
    host: "127.0.0.1",
    port: 0,
  });
});
afterEach(() => receiver.stop(1_000));

const full = () => new PolylogError("POLYLOG_E_INTAKE_FULL", "Full", { retryAfterSeconds: 1 });
const bodies = () => intake.logs.map((log) => log.body);
const events = (...texts: string[]) => texts.map((message) => ({ message }));
const compressed = (frames: Buffer) => {
  const bytes = deflateSync(frames);
  return Buffer.concat([head(2, "C", bytes.length), bytes]);
};

describe("Lumberjack", () => {
  it("is taken whatever its chunks", async () => {
    const socket = await connectTo(receiver);
    const stream = Buffer.concat([
      windowOf(events("one", "two")),
      windowOf(events("three"), { isCompressed: true }),
      windowOf([{ line: "four", host: "web-1" }], { version: 1 }),
    ]);
    const done = acknowledged(socket, 1);
    for (const byte of stream) await write(socket, Buffer.of(byte));
    await done;
    await expect.poll(bodies).toEqual(["one", "two", "three", "four"]);
    expect(intake.logs[3]?.resource.host).toBe("web-1");
    socket.destroy();
  });

  it("acknowledges windows in their order, several under way", async () => {
    const socket = await connectTo(receiver);
    intake.hold();
    const answers: number[] = [];
    socket.on("data", (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at += 6) answers.push(bytes.readUInt32BE(at + 2));
    });
    for (let after = 0; after < 3; after++) await write(socket, windowOf(events("a"), { after }));
    await expect.poll(() => intake.waiting).toBe(3);
    expect(answers).toEqual([]);
    intake.release();
    await expect.poll(() => answers).toEqual([1, 2, 3]);
    socket.destroy();
  });

  it("acknowledges a window that is larger than it says, or smaller, when it is over", async () => {
    const socket = await connectTo(receiver);
    const first = acknowledged(socket, 3);
    await write(socket, windowOf(events("a", "b", "c"), { size: 2 }));
    await first;
    const second = acknowledged(socket, 4);
    await write(socket, windowOf(events("d"), { size: 2, after: 3 }));
    await write(socket, windowOf(events("e"), { after: 4 }));
    await second;
    await expect.poll(bodies).toEqual(["a", "b", "c", "d", "e"]);
    socket.destroy();
  });

  it("commits and acknowledges a window without an end in parts", async () => {
    const socket = await connectTo(receiver);
    const part = acknowledged(socket, 10_000);
    const texts = Array.from({ length: 10_001 }, (_, i) => String(i));
    await write(socket, windowOf(events(...texts), { size: 0xffff_ffff }));
    await part;
    expect(intake.logs).toHaveLength(10_000);
    socket.destroy();
  });

  it.each([
    ["apart", (...windows: Buffer[]) => Buffer.concat(windows)],
    ["in one compressed frame", (...windows: Buffer[]) => compressed(Buffer.concat(windows))],
  ])("stores nothing behind a window that is refused, as it comes again with it: %s", async (_, join) => {
    const socket = await connectTo(receiver);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    intake.refuseNext(full());
    const windows = ["a", "b", "c"].map((text, after) => windowOf(events(text), { after }));
    await write(socket, join(...windows));
    await closed;
    expect(bodies()).toEqual([]);
    const again = await connectTo(receiver);
    const done = acknowledged(again, 3);
    await write(again, join(...windows));
    await done;
    expect(bodies()).toEqual(["a", "b", "c"]);
    again.destroy();
  });

  it("stores nothing that comes while a refusal waits for its turn to be told", async () => {
    const socket = await connectTo(receiver);
    intake.hold();
    await write(socket, windowOf(events("a")));
    await expect.poll(() => intake.waiting).toBe(1);
    intake.refuseNext(full());
    await write(socket, windowOf(events("b"), { after: 1 }));
    await expect.poll(() => counts).toMatchObject({ "rejected full": 1 });
    const first = acknowledged(socket, 1);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await write(socket, windowOf(events("c"), { after: 2 }));
    // Read, as what is written to the other connection behind it.
    const other = await connectTo(receiver);
    await write(other, windowOf(events("other")));
    await expect.poll(() => intake.waiting).toBe(2);
    intake.release();
    await Promise.all([first, closed]);
    expect(bodies()).toEqual(["a", "other"]);
    other.destroy();
  });

  it.each<[what: string, bytes: Buffer, reason: string]>([
    ["no version", Buffer.from("hello there"), "malformed"],
    ["no type", Buffer.from("2X\0\0\0\u0001"), "malformed"],
    ["an event before any window", windowOf(events("a")).subarray(6), "malformed"],
    [
      "a frame that says it has 4 GB",
      Buffer.concat([head(2, "W", 1), head(2, "J", 1), u32(0xffff_ffff)]),
      "too_large",
    ],
    ["compressed bytes that say so", head(2, "C", 0xffff_ffff), "too_large"],
    ["an event with four billion pairs", Buffer.concat([head(1, "D", 1), u32(0xffff_ffff)]), "too_large"],
    ["compressed within compressed", compressed(compressed(windowOf(events("a")))), "malformed"],
    ["a bomb", compressed(Buffer.alloc(200 << 20, "2")), "too_large"],
    ["compressed bytes that are none", Buffer.concat([head(2, "C", 4), Buffer.from("nope")]), "malformed"],
    [
      "half a frame within compressed bytes",
      compressed(windowOf(events("abc")).subarray(0, 14)),
      "malformed",
    ],
  ])("ends the connection on %s, and no other", async (_what, bytes, reason) => {
    const other = await connectTo(receiver);
    const socket = await connectTo(receiver);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await write(socket, bytes);
    await closed;
    expect([counts, bodies(), errors]).toEqual([{ [`rejected ${reason}`]: 1 }, [], []]);
    const done = acknowledged(other, 1);
    await write(other, windowOf(events("other")));
    await done;
    other.destroy();
  });

  it("is refused for what it is, never for a fault of ours", async () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.constantFrom("W", "J", "D", "C"), fc.nat(300))
        .map(([type, number]) => head(2, type, number)),
      fc.string().map((text) => windowOf([text])),
      fc.array(fc.string()).map((texts) => windowOf(events(...texts), { isCompressed: true })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
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
  });
});
