import type { Outcome } from "./commit.ts";

/** Commits that a connection may have under way, and bytes of them, before it is paused. */
const MAX_COMMITS = 16;
const MAX_BYTES = 16 << 20;

/**
 * What a connection has handed over for commit and not been told of. Peers are told in the order of their requests;
 * where an answer stands for all before it, nothing behind one that was refused.
 *
 * @example
 * underWay.add(commit(context, "forward", records, bytes), bytes, (outcome) => acknowledge(outcome));
 * if (underWay.isFull) await underWay.room();
 */
export class UnderWay {
  #commits = 0;
  #bytes = 0;
  #isRefused = false;
  #hasRefused = false;
  /** Settles when all so far are told. */
  #last: Promise<void> = Promise.resolve();
  #waiting: (() => void)[] = [];
  readonly #endsAtRefusal: boolean;

  /** @param endsAtRefusal whether the peer is told nothing behind a refusal */
  constructor(endsAtRefusal: boolean) {
    this.#endsAtRefusal = endsAtRefusal;
  }

  get isFull(): boolean {
    return this.#commits >= MAX_COMMITS || this.#bytes >= MAX_BYTES;
  }

  /**
   * True from a refusal on, told or not, where it ends the connection: what stands behind it is not to be handed over, as
   * the peer brings all of that again.
   */
  get hasRefused(): boolean {
    return this.#hasRefused;
  }

  /** Resolves when {@link hasRefused} knows of what was refused at the door: at once, for want of room. */
  async looked(): Promise<void> {
    // Asked for from within a promise's work, a tick comes when all of such work is done: no turn of the event loop, which
    // on a busy server takes milliseconds.
    await undefined;
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }

  /** @param tell called with what became of it, when all before it were told */
  add(commit: Promise<Outcome>, bytes: number, tell: (outcome: Outcome) => void): void {
    this.#commits++;
    this.#bytes += bytes;
    void commit.then((outcome) => {
      if (outcome !== "committed") this.#hasRefused = this.#endsAtRefusal;
    });
    this.#last = this.#last.then(async () => {
      const outcome = await commit;
      this.#commits--;
      this.#bytes -= bytes;
      if (!this.#isRefused) tell(outcome);
      if (outcome !== "committed") this.#isRefused = this.#endsAtRefusal;
      if (this.isFull) return;
      for (const go of this.#waiting.splice(0)) go();
    });
  }

  /** Resolves when there is room for more. */
  room(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when all are told. */
  settled(): Promise<void> {
    return this.#last;
  }
}
