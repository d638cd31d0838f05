import { gzipSync } from "node:zlib";
import { decode, encode } from "@msgpack/msgpack";
import { connectTo, stopOnce, write } from "../../testing/network-client.ts";
import { type Answer, describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import { watchContext } from "../../testing/watched-context.ts";
import type { ReceiverContext } from "../receiver.ts";
import { startForward } from "./receiver.ts";

type Entry = readonly [time: unknown, record: unknown];
type Packing = (entries: readonly Entry[], option: Record<string, unknown>) => unknown;

const packed = (entries: readonly Entry[]) => Buffer.concat(entries.map((entry) => encode(entry)));
const entriesOf = (texts: readonly string[]): Entry[] => texts.map((message) => [1_795_257_667, { message }]);
const BAD: Entry = [1_795_257_667, "not a map"];

/** Asks for acknowledgements, each request on a connection of its own: a refusal ends it. */
function acknowledging(pack: Packing) {
  return async (given: ReceiverContext): Promise<ReceiverUnderTest> => {
    const { context, takeRejected, refusal } = watchContext(given);
    const receiver = await startForward(context, { host: "127.0.0.1", port: 0 });
    let chunks = 0;

    async function send(message: Uint8Array, chunk: string): Promise<Answer> {
      const socket = await connectTo(receiver);
      const answer = new Promise<unknown>((resolve) => {
        socket.once("data", (bytes) => resolve(decode(bytes)));
        socket.once("close", () => resolve(undefined));
      });
      await write(socket, message);
      const received = await answer;
      socket.destroy();
      if (received === undefined) return refusal();
      return JSON.stringify(received) === JSON.stringify({ ack: chunk })
        ? { kind: "accepted", rejected: takeRejected() }
        : { kind: "refused", message: "another acknowledgement came" };
    }
    const sendEntries = (entries: readonly Entry[]) => {
      const chunk = `chunk-${++chunks}`;
      return send(encode(pack(entries, { chunk })), chunk);
    };
    return {
      send: (texts) => sendEntries(entriesOf(texts)),
      sendPartlyBad: (texts) => sendEntries([BAD, ...entriesOf(texts)]),
      sendWhollyBad: () => send(Buffer.from("hello there"), ""),
      stop: stopOnce(receiver),
    };
  };
}

async function withoutAcknowledgement(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const receiver = await startForward(context, { host: "127.0.0.1", port: 0 });
  let socket = await connectTo(receiver);
  const send = async (...messages: Uint8Array[]) => {
    if (socket.destroyed) socket = await connectTo(receiver);
    await write(socket, Buffer.concat(messages));
    return { kind: "sent" } as const;
  };
  const messagesOf = (entries: readonly Entry[]) =>
    entries.map(([time, record]) => encode(["tag", time, record]));
  return {
    send: (texts) => send(...messagesOf(entriesOf(texts))),
    sendPartlyBad: (texts) => send(...messagesOf([BAD, ...entriesOf(texts)])),
    async sendWhollyBad() {
      const closed = new Promise((resolve) => socket.once("close", resolve));
      const sent = await send(Buffer.from("hello there"));
      await closed;
      return sent;
    },
    stop: stopOnce(receiver),
  };
}

const contract = { saysWhen: false, acknowledgesUnstorable: true } as const;

describeReceiver("Forward with acknowledgements", {
  start: acknowledging((entries, option) => ["tag", entries, option]),
  ...contract,
});
describeReceiver("PackedForward with acknowledgements", {
  start: acknowledging((entries, option) => ["tag", packed(entries), option]),
  ...contract,
});
describeReceiver("CompressedPackedForward with acknowledgements", {
  start: acknowledging((entries, option) => [
    "tag",
    gzipSync(packed(entries)),
    { ...option, compressed: "gzip" },
  ]),
  ...contract,
});
describeReceiver("Message without acknowledgement", {
  start: withoutAcknowledgement,
  saysWhen: false,
  isOneWay: true,
});
