import type { Socket } from "node:net";
import { PolylogError } from "../../errors.ts";
import { reasonOf } from "../../intake/refusal.ts";
import type { ReceiverContext } from "../receiver.ts";
import type { Conversation, Peer, Protocol } from "./conversation.ts";
import type { ListenerLimits } from "./limits.ts";

/** Milliseconds between two probes of a silent peer by TCP itself: machines vanish without a word. */
const KEEPALIVE_DELAY = 60_000;
/** Milliseconds that a peer has to read the last answer. */
const CLOSING_TIME = 5_000;

export interface ConnectionOptions {
  readonly receiver: string;
  readonly context: ReceiverContext;
  readonly protocol: Protocol;
  readonly limits: ListenerLimits;
  /** Called when more or fewer bytes are held. */
  readonly onHeld: (change: number) => void;
}

/** One socket and the conversation on it. */
export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #conversation: Conversation;
  /** What was taken, step by step; a step begins when the one before it is done. */
  #work: Promise<void> | undefined;
  #isEnding = false;
  #isStopping = false;
  #heldBytes = 0;
  #bytes = 0;
  /** As they were at the last look: see {@link isSlow}. */
  #bytesThen = 0;
  #completedThen = 0;
  /** When the peer last sent, as `performance.now()` tells it. */
  lastSeen = performance.now();
  readonly closed: Promise<void>;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    const address = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const peer: Peer = {
      address,
      send: (bytes) => this.#send(bytes),
      close: () => this.#close(),
    };
    this.#conversation = options.protocol(peer);
    socket.setKeepAlive(true, KEEPALIVE_DELAY);
    socket.setNoDelay(true);
    this.closed = new Promise((resolve) =>
      socket.once("close", () => {
        this.#hold(0);
        resolve();
      }),
    );
    // A peer that resets its connection has said all that it had to.
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    socket.once("end", () => this.#onEnd());
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Whether the peer is in the middle of a message and has hardly come on since the last call. One that waits for
   * us is not slow.
   */
  isSlow(): boolean {
    const { completed } = this.#conversation;
    const isStuck =
      this.#heldBytes > 0 &&
      this.#work === undefined &&
      completed === this.#completedThen &&
      this.#bytes - this.#bytesThen < this.#options.limits.slowBytes;
    this.#completedThen = completed;
    this.#bytesThen = this.#bytes;
    return isStuck;
  }

  /** Cuts it off, for a reason that is counted. */
  refuse(reason: string): void {
    this.#options.context.counters.rejected(this.#options.receiver, 1, reason);
    this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /**
   * Says that no more is wanted, and settles what was taken. What is on its way already is still read where
   * nobody would send it again.
   */
  async stop(readsOn: boolean): Promise<void> {
    this.#isStopping = true;
    if (readsOn) this.#socket.end();
    else {
      this.#socket.pause();
      await this.#finish();
    }
    await this.closed;
  }

  #onData(chunk: Buffer): void {
    this.lastSeen = performance.now();
    this.#bytes += chunk.length;
    // The rest of what a refused peer sends is let go.
    if (this.#isEnding) return;
    let work: void | Promise<void>;
    try {
      work = this.#conversation.take(chunk);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (work === undefined) {
      this.#hold(this.#conversation.heldBytes);
      return;
    }
    this.#socket.pause();
    this.#work = work.then(
      () => {
        this.#work = undefined;
        this.#hold(this.#conversation.heldBytes);
        if (!this.#isStopping || this.#socket.writableEnded) this.#socket.resume();
      },
      (error: unknown) => {
        this.#work = undefined;
        this.#fail(error);
      },
    );
  }

  #onEnd(): void {
    void this.#finish();
  }

  async #finish(): Promise<void> {
    await this.#work;
    if (this.#isEnding) return;
    this.#isEnding = true;
    try {
      await this.#conversation.end();
    } catch (error) {
      this.#count(error);
    }
    this.#endSocket();
  }

  #fail(error: unknown): void {
    if (this.#isEnding) return;
    this.#count(error);
    this.#close();
  }

  #close(): void {
    this.#isEnding = true;
    this.#hold(0);
    this.#endSocket();
  }

  #count(error: unknown): void {
    const { context, receiver } = this.#options;
    context.counters.rejected(receiver, 1, reasonOf(error));
    if (error instanceof PolylogError) {
      context.log.debug("a connection was refused", { receiver, reason: error.message });
    } else context.log.error("a connection failed", { receiver, error: String(error) });
  }

  #send(bytes: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > this.#options.limits.unreadBytes) this.refuse("unread");
  }

  /** What was written goes out; whoever doesn't read it in time doesn't want it. */
  #endSocket(): void {
    if (this.#socket.destroyed) return;
    this.#socket.resume();
    const cut = setTimeout(() => this.#socket.destroy(), CLOSING_TIME);
    this.#socket.once("close", () => clearTimeout(cut));
    // Not destroyed now: with bytes unread the peer would get a reset before the last answer.
    this.#socket.end();
  }

  #hold(bytes: number): void {
    const change = bytes - this.#heldBytes;
    this.#heldBytes = bytes;
    if (change !== 0) this.#options.onHeld(change);
  }
}
