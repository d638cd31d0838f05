import { once } from "node:events";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { connectTo, write } from "../../testing/network-client.ts";
import { frame, logCall, readReply } from "../../testing/scribe-client.ts";
import type { NetworkReceiver } from "../listeners/network-receiver.ts";
import { startScribe } from "./receiver.ts";
import { MESSAGE, ThriftReader, ThriftWriter, TYPE } from "./thrift.ts";

let intake: CapturingIntake;
let counts: Counts;
let errors: string[];
let receiver: NetworkReceiver;
beforeEach(async () => {
  intake = capturingIntake();
  counts = {};
  errors = [];
  receiver = await startScribe(receiverContext(intake, { counts, errors }), { host: "127.0.0.1", port: 0 });
});
afterEach(() => receiver.stop(1_000));

const FORMS = [
  { isFramed: true, isStrict: true },
  { isFramed: true, isStrict: false },
  { isFramed: false, isStrict: true },
  { isFramed: false, isStrict: false },
] as const;
const bodies = () => intake.logs.map((log) => log.body);
const call = (name: string) =>
  new ThriftWriter().message(name, MESSAGE.call, 3, true).byte(TYPE.stop).bytes();
const lying = (write: (writer: ThriftWriter) => ThriftWriter) =>
  write(
    new ThriftWriter().message("Log", MESSAGE.call, 1, true).field(TYPE.list, 1).byte(TYPE.struct),
  ).bytes();

describe.each(FORMS)("Scribe, %j", (form) => {
  it("is taken whatever its chunks", async () => {
    const socket = await connectTo(receiver);
    const entries = [{ category: "shop", message: "order späť\n" }, { message: "no category" }, {}];
    const reply = once(socket, "data");
    for (const byte of logCall(entries, form)) await write(socket, Buffer.of(byte));
    expect(readReply((await reply)[0] as Buffer, form)).toBe(0);
    expect(bodies()).toEqual(["order späť", "no category", ""]);
    expect(intake.logs[0]?.scope.name).toBe("shop");
    socket.destroy();
  });

  it("takes the time, level and fields out of a message that has them", async () => {
    const socket = await connectTo(receiver);
    const message = '{"time":"2026-11-21T10:41:07.5Z","level":"warn","msg":"late","order":7}';
    const reply = once(socket, "data");
    await write(socket, logCall([{ category: "shop", message }], form));
    await reply;
    expect(intake.logs[0]).toMatchObject({
      ...{
        timestamp: BigInt(Date.UTC(2026, 10, 21, 10, 41, 7, 500)) * 1_000_000n,
        severityNumber: 13,
        body: "late",
      },
      attributes: ["order", "7", "scribe.category", "shop"],
    });
    socket.destroy();
  });
});

describe("Scribe's service", () => {
  it.each([
    "getName",
    "getVersion",
    "getStatus",
    "getCounters",
    "aliveSince",
    "getStatusDetails",
    "getOptions",
  ])("answers %s", async (name) => {
    const socket = await connectTo(receiver);
    const reply = once(socket, "data");
    await write(socket, frame(call(name)));
    const reader = new ThriftReader((await reply)[0] as Buffer, 4, 1000);
    expect([reader.i32() & 0xff, reader.text(), reader.i32()]).toEqual([MESSAGE.reply, name, 3]);
    socket.destroy();
  });

  it("says that it doesn't know a method", async () => {
    const socket = await connectTo(receiver);
    const reply = once(socket, "data");
    await write(socket, frame(call("shutdown")));
    expect(readReply((await reply)[0] as Buffer, FORMS[0])).toBe("There is no method shutdown.");
    socket.destroy();
  });
});

describe("what comes over the wire", () => {
  it.each<[what: string, bytes: Buffer, reason: string]>([
    ["another version", Buffer.from([0x80, 0x02, 0, 1, 0, 0, 0, 3]), "malformed"],
    ["a reply", new ThriftWriter().message("Log", MESSAGE.reply, 1, true).byte(0).bytes(), "malformed"],
    ["a frame that says it has 2 GB", Buffer.from([0x7f, 0xff, 0xff, 0xff, 0x80]), "too_large"],
    ["a frame that ends within the call", frame(call("Log").subarray(0, -1)), "malformed"],
    ["a frame with more than the call", frame(Buffer.concat([call("Log"), Buffer.of(0)])), "malformed"],
    ["a list of fewer than none", lying((writer) => writer.i32(-1)), "malformed"],
    [
      "a text that says it has 2 GB",
      lying((writer) => writer.i32(1).field(TYPE.string, 2).i32(0x7fff_ffff)),
      "too_large",
    ],
    ["entries that are no structs", noStructs(), "malformed"],
    [
      "entries without an end",
      Buffer.concat([lying((writer) => writer.i32(0x7fff_ffff)), Buffer.alloc(300_000)]),
      "too_large",
    ],
    ["values nested without an end", lying((writer) => nested(writer.i32(1))), "malformed"],
  ])("ends the connection when it is %s, and no other", async (_what, bytes, reason) => {
    const other = await connectTo(receiver);
    const socket = await connectTo(receiver);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await write(socket, bytes).catch(() => {});
    await closed;
    expect([counts, bodies(), errors]).toEqual([{ [`rejected ${reason}`]: 1 }, [], []]);
    const reply = once(other, "data");
    await write(other, logCall([{ message: "other" }], FORMS[0]));
    expect(readReply((await reply)[0] as Buffer, FORMS[0])).toBe(0);
    other.destroy();
  });

  it("is refused for what it is, never for a fault of ours", async () => {
    const entry = fc.record({ category: fc.string(), message: fc.string() });
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(fc.array(entry), fc.constantFrom(...FORMS)).map(([entries, form]) => logCall(entries, form)),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.concat([lying((w) => w.i32(2)), bytes])),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (parts) => {
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

/** A struct within a struct, and so on. */
function nested(writer: ThriftWriter): ThriftWriter {
  for (let i = 0; i < 100; i++) writer.field(TYPE.struct, 9);
  return writer;
}

function noStructs(): Buffer {
  const writer = new ThriftWriter().message("Log", MESSAGE.call, 1, true).field(TYPE.list, 1);
  return writer.byte(TYPE.i32).i32(1).i32(1).bytes();
}
