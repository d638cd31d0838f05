import type { LogRecord } from "../../record/record.ts";
import { ByteInbox } from "../listeners/byte-inbox.ts";
import { commit } from "../listeners/commit.ts";
import type { Conversation, Peer } from "../listeners/conversation.ts";
import { decompress } from "../listeners/inflate.ts";
import type { NetworkReceiver, NetworkReceiverOptions } from "../listeners/network-receiver.ts";
import { listenTcp } from "../listeners/tcp-listener.ts";
import { UnderWay } from "../listeners/under-way.ts";
import type { ReceiverContext } from "../receiver.ts";
import { createEventDecoder, type EventDecoder } from "./decoder.ts";
import { acknowledgement, type Frame, frameAt, knowsSignOfLife, malformed } from "./frames.ts";

/** The name with the records. */
const RECEIVER = "lumberjack";
/** Bytes that may come of one compressed frame. */
const MAX_INFLATED = 64 << 20;
/** A window larger than this, or that says it is, is committed and acknowledged in parts. */
const PART_RECORDS = 10_000;
const PART_BYTES = 8 << 20;
/** Bytes of an event's head. */
const FRAME_BYTES = 10;
/** Milliseconds between two signs of life while a commit takes long. Beats give up after 30 s without. */
const SIGN_OF_LIFE = 5_000;

/**
 * Lumberjack, versions 1 and 2, as Beats and Logstash speak it, over TCP, or over TLS with a certificate.
 *
 * A window is acknowledged when the store has committed all of its events. When they can't be taken now, the
 * connection ends without, and the sender comes again. An event that is none is counted and passed over.
 *
 * @example
 * const receiver = await startLumberjack(context, { host: "127.0.0.1", port: 5044 });
 */
export async function startLumberjack(
  context: ReceiverContext,
  { host, port, tls, limits = {} }: NetworkReceiverOptions,
): Promise<NetworkReceiver> {
  const decode = createEventDecoder();
  const listener = await listenTcp({
    ...{ receiver: RECEIVER, context, host, port, tls, limits },
    protocol: (peer) => new LumberjackConversation(peer, context, decode),
  });
  return {
    endpoints: [{ transport: tls === undefined ? "tcp" : "tls", port: listener.port }],
    stop: (grace) => listener.stop(grace),
  };
}

class LumberjackConversation implements Conversation {
  readonly #peer: Peer;
  readonly #context: ReceiverContext;
  readonly #decode: EventDecoder;
  readonly #inbox = new ByteInbox();
  readonly #underWay = new UnderWay(true);
  #version = 0;
  /** Events to come until an acknowledgement is due. */
  #missing = 0;
  #records: LogRecord[] = [];
  #bytes = 0;
  #sequence = 0;
  /** True when something was handed over of which it is not known yet whether it is refused at the door. */
  #isUnlooked = false;
  #signOfLife: NodeJS.Timeout | undefined;
  completed = 0;

  constructor(peer: Peer, context: ReceiverContext, decode: EventDecoder) {
    this.#peer = peer;
    this.#context = context;
    this.#decode = decode;
  }

  get heldBytes(): number {
    return this.#inbox.length + this.#bytes;
  }

  /** Events of a window that isn't complete are let go: they are not acknowledged, so they come again. */
  async end(): Promise<void> {
    await this.#underWay.settled();
  }

  take(chunk: Buffer): void | Promise<void> {
    if (this.#underWay.hasRefused) return undefined;
    const bytes = this.#inbox.add(chunk);
    let at = 0;
    for (let framed = frameAt(bytes, at); framed !== undefined; framed = frameAt(bytes, at)) {
      const { frame, end } = framed;
      if (frame.type === "compressed" || this.#isUnlooked) {
        const rest = Buffer.from(bytes.subarray(at));
        this.#inbox.keep(bytes, bytes.length);
        return this.#takeSlowly(rest);
      }
      at = end;
      this.completed++;
      this.#takeFrame(frame);
    }
    this.#isUnlooked = false;
    this.#inbox.keep(bytes, at);
    return this.#underWay.isFull ? this.#underWay.room() : undefined;
  }

  /** Takes what needs a pause: to decompress it, or to see whether what stands before it is refused. */
  async #takeSlowly(bytes: Buffer): Promise<void> {
    let at = 0;
    for (let framed = frameAt(bytes, at); framed !== undefined; framed = frameAt(bytes, at)) {
      if (await this.#isRefused()) return;
      const { frame, end } = framed;
      at = end;
      this.completed++;
      if (frame.type === "compressed") await this.#takeCompressed(frame.payload);
      else this.#takeFrame(frame);
    }
    this.#inbox.keep(bytes, at);
    if (this.#underWay.isFull) await this.#underWay.room();
  }

  async #takeCompressed(payload: Buffer): Promise<void> {
    const bytes = await decompress(payload, MAX_INFLATED);
    for (let at = 0; at < bytes.length; ) {
      const framed = frameAt(bytes, at);
      if (framed === undefined) throw malformed("a compressed frame ends within a frame");
      if (framed.frame.type === "compressed") throw malformed("compressed frames within one");
      if (await this.#isRefused()) return;
      this.#takeFrame(framed.frame);
      at = framed.end;
    }
  }

  /** Whether something before this is: then the peer brings it again, too. */
  async #isRefused(): Promise<boolean> {
    if (this.#isUnlooked) {
      this.#isUnlooked = false;
      await this.#underWay.looked();
    }
    return this.#underWay.hasRefused;
  }

  #takeFrame(frame: Exclude<Frame, { type: "compressed" }>): void {
    if (frame.type === "window") {
      this.#commit();
      this.#version = frame.version;
      this.#missing = frame.size;
      return;
    }
    if (this.#version === 0) throw malformed("an event before any window");
    const record = this.#decode(frame, this.#context.now());
    if (record === undefined) this.#context.counters.rejected(RECEIVER, 1, "malformed");
    else this.#records.push(record);
    this.#bytes += FRAME_BYTES + (frame.type === "json" ? frame.payload.length : lengthOf(frame.pairs));
    this.#sequence = frame.sequence;
    this.#missing--;
    const isPart = this.#records.length >= PART_RECORDS || this.#bytes >= PART_BYTES;
    if (this.#missing <= 0 || isPart) this.#commit();
  }

  /** Hands over what there is of the window, and acknowledges it when it is committed. */
  #commit(): void {
    if (this.#bytes === 0) return;
    const records = this.#records;
    const bytes = this.#bytes;
    const sequence = this.#sequence;
    const version = this.#version;
    this.#records = [];
    this.#bytes = 0;
    this.#underWay.add(commit(this.#context, RECEIVER, records, bytes), bytes, (outcome) => {
      if (outcome === "committed") this.#peer.send(acknowledgement(version, sequence));
      else this.#peer.close();
    });
    this.#isUnlooked = true;
    this.#giveSignsOfLife(version);
  }

  #giveSignsOfLife(version: number): void {
    if (!knowsSignOfLife(version) || this.#signOfLife !== undefined) return;
    this.#signOfLife = setInterval(() => this.#peer.send(acknowledgement(version, 0)), SIGN_OF_LIFE);
    void this.#underWay.settled().then(() => {
      clearInterval(this.#signOfLife);
      this.#signOfLife = undefined;
    });
  }
}

function lengthOf(pairs: readonly string[]): number {
  let length = 0;
  for (const text of pairs) length += text.length;
  return length;
}
