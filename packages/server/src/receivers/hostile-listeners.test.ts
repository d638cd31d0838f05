import { once } from "node:events";
import { deflateSync, gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../testing/capturing-intake.ts";
import { head, windowOf } from "../testing/lumberjack-client.ts";
import { connectTo, write } from "../testing/network-client.ts";
import { logCall } from "../testing/scribe-client.ts";
import { startForward } from "./forward/receiver.ts";
import { startGelf } from "./gelf/receiver.ts";
import type { NetworkReceiver, StartReceiver } from "./listeners/network-receiver.ts";
import { startLumberjack } from "./lumberjack/receiver.ts";
import { startScribe } from "./scribe/receiver.ts";
import { startSyslog } from "./syslog/receiver.ts";

/** What no receiver with a port of its own may be harmed by, whichever protocol it speaks. */
interface Protocol {
  readonly name: string;
  readonly start: StartReceiver;
  /** A message with one record of this text. */
  readonly message: (text: string) => string | Uint8Array;
  /** What is done to the message's bytes before they are sent. */
  readonly pack?: (message: Buffer) => Uint8Array;
}

const SECONDS = 1_795_257_667;
const SYSLOG = (text: string) => `<14>1 - web-1 shop - - - ${text}`;

const PROTOCOLS: readonly Protocol[] = [
  { name: "syslog in lines", start: startSyslog, message: (text) => `${SYSLOG(text)}\n` },
  {
    ...{ name: "syslog with counted octets", start: startSyslog, message: SYSLOG },
    pack: (message) => Buffer.concat([Buffer.from(`${message.length} `), message]),
  },
  {
    ...{ name: "GELF", start: startGelf },
    message: (text) => `{"version":"1.1","host":"web-1","short_message":"${text}"}\0`,
  },
  { name: "Lumberjack 1", start: startLumberjack, message: (line) => windowOf([{ line }], { version: 1 }) },
  { name: "Lumberjack 2", start: startLumberjack, message: (message) => windowOf([{ message }]) },
  {
    ...{ name: "Lumberjack 2, compressed", start: startLumberjack },
    message: (message) => windowOf([{ message }]),
    pack(window) {
      const frames = deflateSync(window.subarray(6));
      return Buffer.concat([window.subarray(0, 6), head(2, "C", frames.length), frames]);
    },
  },
  { name: "Forward", start: startForward, message: (message) => encode(["t", SECONDS, { message }]) },
  {
    ...{
      name: "Forward, compressed",
      start: startForward,
      message: (message) => encode([SECONDS, { message }]),
    },
    pack: (entry) => encode(["t", gzipSync(entry), { compressed: "gzip" }]),
  },
  {
    ...{ name: "Scribe", start: startScribe },
    message: (message) => logCall([{ category: "c", message }], { isFramed: true, isStrict: true }),
  },
];

/** Stand for bytes that are no UTF-8: one that begins no character, and one whose character is not finished. */
const BAD_BYTES: readonly (readonly [string, number])[] = [
  ["~", 0xff],
  ["^", 0xc3],
];

let intake: CapturingIntake;
let counts: Counts;
let errors: string[];
let receiver: NetworkReceiver;

function messageOf({ message, pack = (bytes) => bytes }: Protocol, text: string): Uint8Array {
  const bytes = Buffer.from(message(text) as string);
  for (const [sign, byte] of BAD_BYTES) {
    for (let at = bytes.indexOf(sign); at >= 0; at = bytes.indexOf(sign, at)) bytes[at] = byte;
  }
  return pack(bytes);
}

const bodies = () => intake.logs.map(({ body }) => body);

describe.each(PROTOCOLS)("$name", (protocol) => {
  beforeEach(async () => {
    intake = capturingIntake();
    counts = {};
    errors = [];
    const context = receiverContext(intake, { counts, errors });
    receiver = await protocol.start(context, { host: "127.0.0.1", port: 0 });
  });
  afterEach(() => receiver.stop(1_000));

  async function send(bytes: Uint8Array): Promise<void> {
    const socket = await connectTo(receiver);
    const closed = once(socket.resume(), "close");
    await write(socket, bytes).catch(() => {});
    socket.end();
    await closed;
  }

  it("keeps a megabyte without an end of line", async () => {
    const text = `started ${"x".repeat(1_000_000 - 8)}`;
    await send(messageOf(protocol, text));
    await expect.poll(() => bodies().map((body) => body === text)).toEqual([true]);
  });

  it("replaces what isn't UTF-8", async () => {
    await send(messageOf(protocol, "one~two^three"));
    await expect.poll(bodies).toEqual(["one\uFFFDtwo\uFFFDthree"]);
  });

  it("outlives a message that is cut off wherever it may be", async () => {
    const whole = messageOf(protocol, "cut");
    for (let length = 1; length < whole.length; length += Math.ceil(whole.length / 20)) {
      await send(whole.subarray(0, length));
    }
    await send(messageOf(protocol, "after"));
    await expect.poll(() => bodies().at(-1)).toBe("after");
    expect(errors).toEqual([]);
  });
});
