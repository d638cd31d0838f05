/** A datagram that is one of several begins with these bytes. */
const MAGIC_0 = 0x1e;
const MAGIC_1 = 0x0f;
/** Magic, id, number, count. */
const HEAD = 12;
const MAX_CHUNKS = 128;
/** Milliseconds in which all chunks of a message have to come. */
const PATIENCE = 5_000;

export interface ChunkLimits {
  /** Bytes of all messages that are not complete. */
  readonly bytes: number;
  /** Messages that are not complete. */
  readonly messages: number;
}

const LIMITS: ChunkLimits = { bytes: 32 << 20, messages: 4096 };

/** A message of which some chunks are there. */
interface Incomplete {
  readonly since: number;
  readonly chunks: (Buffer | undefined)[];
  missing: number;
  bytes: number;
}

/** What a chunk completed: the message, or nothing yet. A reason: it was refused, and its message is given up. */
export type Added = { readonly message: Buffer } | { readonly reason: string } | undefined;

/** Tells whether a datagram is one chunk of a message. */
export function isChunk(datagram: Buffer): boolean {
  return datagram.length >= 2 && datagram[0] === MAGIC_0 && datagram[1] === MAGIC_1;
}

/**
 * Puts GELF messages together that came in chunks, in whatever order. What isn't complete after five seconds is
 * given up, and so are the oldest when there are too many: a sender of first chunks alone can't fill the memory.
 *
 * Source: Graylog, "GELF via UDP", chunking: 8 bytes of id, a number, a count of at most 128.
 *
 * @example
 * const chunks = new ChunkAssembler((reason) => counters.rejected("gelf", 1, reason));
 * const added = chunks.add(datagram, address, performance.now());
 */
export class ChunkAssembler {
  readonly #onLost: (reason: string) => void;
  readonly #limits: ChunkLimits;
  /** In order of their first chunks. */
  readonly #incomplete = new Map<string, Incomplete>();
  #bytes = 0;

  /** @param onLost called for each message that is given up */
  constructor(onLost: (reason: string) => void, limits: ChunkLimits = LIMITS) {
    this.#onLost = onLost;
    this.#limits = limits;
  }

  /** Bytes held of messages that are not complete. */
  get heldBytes(): number {
    return this.#bytes;
  }

  /** @param now milliseconds of a clock that only goes forward */
  add(datagram: Buffer, address: string, now: number): Added {
    if (datagram.length <= HEAD) return { reason: "a chunk without content" };
    const number = datagram[10]!;
    const count = datagram[11]!;
    if (count === 0 || count > MAX_CHUNKS || number >= count) {
      return { reason: `chunk ${number} of ${count}; a message has at most ${MAX_CHUNKS}` };
    }
    this.expire(now);
    // Ids are made up by each sender for itself.
    const key = `${address} ${datagram.toString("latin1", 2, 10)}`;
    let message = this.#incomplete.get(key);
    if (message === undefined) {
      message = { since: now, chunks: new Array<undefined>(count), missing: count, bytes: 0 };
      this.#incomplete.set(key, message);
    } else if (message.chunks.length !== count) {
      this.#remove(key, message);
      return { reason: "chunks of one message that disagree about their count" };
    }
    if (message.chunks[number] !== undefined) return undefined;
    // A copy: a small chunk must not hold the memory of a large datagram.
    const content = Buffer.from(datagram.subarray(HEAD));
    message.chunks[number] = content;
    message.missing--;
    message.bytes += content.length;
    this.#bytes += content.length;
    if (message.missing > 0) {
      this.#makeRoom();
      return undefined;
    }
    this.#remove(key, message);
    return { message: Buffer.concat(message.chunks as Buffer[]) };
  }

  /** Gives up what has waited for too long. */
  expire(now: number): void {
    for (const [key, message] of this.#incomplete) {
      if (now - message.since < PATIENCE) return;
      this.#remove(key, message);
      this.#onLost("incomplete");
    }
  }

  #makeRoom(): void {
    for (const [key, message] of this.#incomplete) {
      if (this.#bytes <= this.#limits.bytes && this.#incomplete.size <= this.#limits.messages) return;
      this.#remove(key, message);
      this.#onLost("full");
    }
  }

  #remove(key: string, message: Incomplete): void {
    this.#incomplete.delete(key);
    this.#bytes -= message.bytes;
  }
}
