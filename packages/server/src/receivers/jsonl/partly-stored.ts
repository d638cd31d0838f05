import { PolylogError } from "../../errors.ts";
import { problemOf } from "../../http/problem.ts";

/** How far a request was stored before it failed. */
export interface Progress {
  /** Records stored: all up to `line`, but for those rejected. */
  readonly accepted: number;
  /** Lines up to there that could not be read, and records that can't be stored. */
  readonly rejected: number;
  /** The line, from 1, up to which all of the body is stored or was refused; in an array, the element. */
  readonly line: number;
}

/** A request that failed when some of it was stored already, which can't be undone. */
export class PartlyStored extends Error {
  override readonly name = "PartlyStored";
  /** What its sender is told: the reason, and where to go on. */
  readonly told: PolylogError;
  readonly progress: Progress;

  constructor(cause: unknown, progress: Progress) {
    super("a request was stored in part", { cause });
    const { accepted, line } = progress;
    const stored = `The first ${accepted} records, up to line ${line}, are stored.`;
    const { code, retryAfterSeconds }: Pick<PolylogError, "code" | "retryAfterSeconds"> =
      cause instanceof PolylogError ? cause : { code: "POLYLOG_E_INTERNAL", retryAfterSeconds: undefined };
    this.told = new PolylogError(code, `${problemOf(cause).message.replace(/\.$/, "")}. ${stored}`, {
      cause,
      remedy: `Send only what is behind line ${line}, in smaller batches: the first would be stored twice.`,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
    this.progress = progress;
  }
}
