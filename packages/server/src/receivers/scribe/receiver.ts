import { ByteInbox } from "../listeners/byte-inbox.ts";
import { commit, type Outcome } from "../listeners/commit.ts";
import type { Conversation, Peer } from "../listeners/conversation.ts";
import type { NetworkReceiver, NetworkReceiverOptions } from "../listeners/network-receiver.ts";
import { listenTcp } from "../listeners/tcp-listener.ts";
import { UnderWay } from "../listeners/under-way.ts";
import type { ReceiverContext } from "../receiver.ts";
import { createEntryDecoder, type EntryDecoder } from "./decoder.ts";
import { CallFraming, type FramedCall } from "./framing.ts";
import { failureReply, RESULT, resultReply, serviceReply } from "./replies.ts";

/** The name with the records. */
const RECEIVER = "scribe";

/**
 * Scribe's `Log` over Thrift's binary protocol, framed or buffered, over TCP, or over TLS with a certificate.
 *
 * `OK` is answered when the store has committed all entries of the call, `TRY_LATER` when it can't take them now.
 *
 * Source: scribe.thrift, fb303.thrift.
 *
 * @example
 * const receiver = await startScribe(context, { host: "127.0.0.1", port: 1463 });
 */
export async function startScribe(
  context: ReceiverContext,
  { host, port, tls, limits = {} }: NetworkReceiverOptions,
): Promise<NetworkReceiver> {
  const decode = createEntryDecoder();
  const startedAt = Number(context.now() / 1_000_000_000n);
  const listener = await listenTcp({
    ...{ receiver: RECEIVER, context, host, port, tls, limits },
    protocol: (peer) => new ScribeConversation(peer, { context, decode, startedAt }),
  });
  return {
    endpoints: [{ transport: tls === undefined ? "tcp" : "tls", port: listener.port }],
    stop: (grace) => listener.stop(grace),
  };
}

interface ScribeOptions {
  readonly context: ReceiverContext;
  readonly decode: EntryDecoder;
  /** Seconds since 1970. */
  readonly startedAt: number;
}

class ScribeConversation implements Conversation {
  readonly #peer: Peer;
  readonly #options: ScribeOptions;
  readonly #inbox = new ByteInbox();
  readonly #framing = new CallFraming();
  readonly #underWay = new UnderWay(false);
  completed = 0;

  constructor(peer: Peer, options: ScribeOptions) {
    this.#peer = peer;
    this.#options = options;
  }

  get heldBytes(): number {
    return this.#inbox.length + this.#framing.heldBytes;
  }

  async end(): Promise<void> {
    await this.#underWay.settled();
  }

  take(chunk: Buffer): void | Promise<void> {
    const bytes = this.#inbox.add(chunk);
    let at = 0;
    for (;;) {
      const { end, framed } = this.#framing.read(bytes, at);
      at = end;
      if (framed === undefined) break;
      this.completed++;
      this.#answer(framed);
    }
    this.#inbox.keep(bytes, at);
    return this.#underWay.isFull ? this.#underWay.room() : undefined;
  }

  /** Replies come in the order of the calls. */
  #answer(framed: FramedCall): void {
    const { call } = framed;
    const { context, decode, startedAt } = this.#options;
    const isLog = call.name === "Log";
    const now = context.now();
    const records = call.entries.map((entry) => decode(entry, now));
    this.#underWay.add(commit(context, RECEIVER, records, call.bytes), call.bytes, (outcome) => {
      if (!call.wantsReply) return;
      this.#peer.send(isLog ? logReply(framed, outcome) : serviceReply(framed, startedAt));
    });
  }
}

function logReply(framed: FramedCall, outcome: Outcome): Buffer {
  switch (outcome) {
    case "committed":
      return resultReply(framed, RESULT.ok);
    case "later":
      return resultReply(framed, RESULT.tryLater);
    case "failed":
      return failureReply(framed);
  }
}
