import { encode } from "@msgpack/msgpack";
import { PolylogError } from "../../errors.ts";
import { ByteInbox } from "../listeners/byte-inbox.ts";
import { commit } from "../listeners/commit.ts";
import type { Conversation, Peer } from "../listeners/conversation.ts";
import type { NetworkReceiver, NetworkReceiverOptions } from "../listeners/network-receiver.ts";
import { createRecordQueue, type Feed } from "../listeners/record-queue.ts";
import { listenTcp } from "../listeners/tcp-listener.ts";
import { UnderWay } from "../listeners/under-way.ts";
import type { ReceiverContext } from "../receiver.ts";
import { createHandshake, type Handshake } from "./handshake.ts";
import { type ForwardMessage, readMessage } from "./message.ts";
import { createEntryReader, type EntryReader } from "./record.ts";
import { Scanner } from "./scanner.ts";

/** The name with the records. */
const RECEIVER = "forward";
/** Bytes of one message. Fluentd's chunks have 8 MB, Fluent Bit's 2 MB. */
const MAX_MESSAGE_BYTES = 32 << 20;
/** The same of a peer that has not yet said who it is. */
const MAX_PING_BYTES = 16 << 10;

/**
 * Fluent's Forward protocol v1 over TCP, or over TLS with a certificate. With a shared key, senders have to prove
 * that they know it.
 *
 * A message that asks for an acknowledgement gets it when the store has committed its records; when they can't be
 * taken now, the connection ends without, and the sender comes again. Others are written in order, and their
 * sender is paused while the store is behind.
 *
 * Source: Fluentd, "Forward Protocol Specification v1".
 *
 * @example
 * const receiver = await startForward(context, { host: "127.0.0.1", port: 24224, sharedKey: null });
 */
export async function startForward(
  context: ReceiverContext,
  { host, port, tls, sharedKey = null, limits = {} }: NetworkReceiverOptions,
): Promise<NetworkReceiver> {
  const queue = createRecordQueue({ receiver: RECEIVER, context });
  const read = createEntryReader();
  const listener = await listenTcp({
    ...{ receiver: RECEIVER, context, host, port, tls, limits },
    protocol: (peer) => {
      const handshake = sharedKey === null ? undefined : createHandshake(sharedKey);
      return new ForwardConversation(peer, { context, feed: queue.feed(), read, handshake });
    },
  });
  return {
    endpoints: [{ transport: tls === undefined ? "tcp" : "tls", port: listener.port }],
    async stop(grace) {
      await listener.stop(grace);
      await queue.stop(grace);
    },
  };
}

interface ForwardOptions {
  readonly context: ReceiverContext;
  readonly feed: Feed;
  readonly read: EntryReader;
  readonly handshake: Handshake | undefined;
}

class ForwardConversation implements Conversation {
  readonly #peer: Peer;
  readonly #options: ForwardOptions;
  readonly #inbox = new ByteInbox();
  readonly #scanner = new Scanner();
  readonly #underWay = new UnderWay(true);
  /** Present until the peer has proven that it knows the key. */
  #handshake: Handshake | undefined;
  completed = 0;

  constructor(peer: Peer, options: ForwardOptions) {
    this.#peer = peer;
    this.#options = options;
    this.#handshake = options.handshake;
    if (this.#handshake !== undefined) peer.send(this.#handshake.helo);
  }

  get heldBytes(): number {
    return this.#inbox.length;
  }

  async end(): Promise<void> {
    await this.#underWay.settled();
  }

  take(chunk: Buffer): void | Promise<void> {
    const bytes = this.#inbox.add(chunk);
    const work = this.#readFrom(bytes, 0);
    return work ?? this.#room();
  }

  /** Reads messages until there is no whole one, or one takes time. */
  #readFrom(bytes: Buffer, start: number): Promise<void> | undefined {
    let at = start;
    for (;;) {
      const end = this.#scanner.endOf(bytes, at);
      if (end < 0) break;
      const message = bytes.subarray(at, end);
      at = end;
      this.completed++;
      if (this.#handshake !== undefined) {
        if (!this.#admit(this.#handshake, message)) return undefined;
        continue;
      }
      const read = readMessage(message, this.#options.read, this.#options.context.now());
      if (read === undefined) continue;
      if (!(read instanceof Promise)) this.#write(read, message.length);
      if (read instanceof Promise || asksForAck(read)) {
        const rest = Buffer.from(bytes.subarray(at));
        this.#inbox.keep(bytes, bytes.length);
        return this.#readSlowly(read, message.length, rest);
      }
    }
    this.#keep(bytes, at);
    return undefined;
  }

  #keep(bytes: Buffer, at: number): void {
    const most = this.#handshake === undefined ? MAX_MESSAGE_BYTES : MAX_PING_BYTES;
    if (bytes.length - at > most) throw tooLarge(most);
    this.#inbox.keep(bytes, at);
  }

  #admit(handshake: Handshake, message: Buffer): boolean {
    const { isAllowed, pong } = handshake.answer(message);
    this.#peer.send(pong);
    if (isAllowed) this.#handshake = undefined;
    else {
      this.#options.context.counters.rejected(RECEIVER, 1, "unauthorized");
      this.#peer.close();
    }
    return isAllowed;
  }

  /** Reads what stands behind a message: one that is refused at the door comes again, and so does all behind it. */
  async #readSlowly(
    first: ForwardMessage | Promise<ForwardMessage>,
    bytes: number,
    rest: Buffer,
  ): Promise<void> {
    if (first instanceof Promise) await this.#writeInflated(first, bytes);
    let at = 0;
    for (let end = this.#scanner.endOf(rest, at); end >= 0; end = this.#scanner.endOf(rest, at)) {
      await this.#underWay.looked();
      const message = rest.subarray(at, end);
      at = end;
      this.completed++;
      const read = readMessage(message, this.#options.read, this.#options.context.now());
      if (read instanceof Promise) await this.#writeInflated(read, message.length);
      else if (read !== undefined) this.#write(read, message.length);
    }
    this.#keep(rest, at);
    await this.#room();
  }

  /** A few bytes may have become many records. */
  async #writeInflated(read: Promise<ForwardMessage>, bytes: number): Promise<void> {
    this.#write(await read, bytes);
    await this.#room();
  }

  #write(message: ForwardMessage, bytes: number): void {
    const { records, rejected, chunk } = message;
    const { context, feed } = this.#options;
    if (rejected > 0) context.counters.rejected(RECEIVER, rejected, "malformed");
    if (!asksForAck(message)) {
      for (const record of records) feed.add(record, bytes / records.length);
    } else if (!this.#underWay.hasRefused) {
      this.#underWay.add(commit(context, RECEIVER, records, bytes), bytes, (outcome) => {
        if (outcome === "committed") this.#peer.send(encode({ ack: chunk }));
        else this.#peer.close();
      });
    }
  }

  #room(): Promise<void> | undefined {
    const room = this.#options.feed.room();
    if (room !== undefined) return room;
    return this.#underWay.isFull ? this.#underWay.room() : undefined;
  }
}

function asksForAck({ chunk }: ForwardMessage): boolean {
  return chunk !== undefined && chunk !== null;
}

function tooLarge(most: number): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `A message is longer than ${most} bytes.`, {
    remedy: "Set a smaller chunk_limit_size.",
  });
}
