import { PolylogError } from "../../errors.ts";
import { MAX_REJECTED } from "./limits.ts";

/** A request's records, and what is to be told of those that are not among them. */
export interface Decoded<R> {
  readonly records: readonly R[];
  /** Records that could not be kept. */
  readonly rejected: number;
  /** What was wrong, for the sender's developer; empty when nothing was. */
  readonly message: string;
}

/** Collects what is wrong with single records while the ones beside them are decoded. */
export class Complaints {
  readonly #noun: string;
  #rejected = 0;
  #firstRejection = "";
  #warnings = 0;
  #firstWarning = "";
  /** Where the decoder is: the number of records it has begun. */
  #records = 0;

  /** @param noun what a record is called in messages: `log record`, `span` */
  constructor(noun: string) {
    this.#noun = noun;
  }

  beginRecord(): void {
    this.#records++;
  }

  /**
   * The record at hand can't be kept. Errors that are not about one record are thrown on.
   *
   * @throws PolylogError `POLYLOG_E_BAD_REQUEST` when it is one too many: a rejection costs several times what a
   *   record does, and a sender that gets so many wrong has nothing to lose.
   */
  reject(error: unknown): void {
    if (!(error instanceof PolylogError) || error.code !== "POLYLOG_E_BAD_REQUEST") throw error;
    this.#rejected++;
    if (this.#rejected > MAX_REJECTED) {
      throw new PolylogError(
        "POLYLOG_E_BAD_REQUEST",
        `More than ${MAX_REJECTED} rejected; ${this.#firstRejection}`,
      );
    }
    this.#firstRejection ||= `${this.#noun} ${this.#records}: ${error.message}`;
  }

  /** The record at hand is kept, though not as it was sent. */
  warn(message: string): void {
    this.#warnings++;
    this.#firstWarning ||= `${this.#noun} ${this.#records}: ${message}`;
  }

  /**
   * The outcome for a request in which these records were fine.
   *
   * @throws PolylogError `POLYLOG_E_BAD_REQUEST` when there were records and none was fine.
   */
  decoded<R>(records: readonly R[]): Decoded<R> {
    if (records.length === 0 && this.#rejected > 0) {
      throw new PolylogError("POLYLOG_E_BAD_REQUEST", `Nothing could be kept. ${this.#firstRejection}`);
    }
    const sentences: string[] = [];
    if (this.#rejected > 0) {
      sentences.push(
        `${this.#rejected} of ${this.#records} rejected; the first was ${this.#firstRejection}.`,
      );
    }
    if (this.#warnings > 0) {
      sentences.push(`${this.#warnings} kept with a change; the first was ${this.#firstWarning}.`);
    }
    return { records, rejected: this.#rejected, message: sentences.join(" ") };
  }
}
