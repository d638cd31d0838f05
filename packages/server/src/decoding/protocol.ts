import { PolylogError, type PolylogErrorDetails } from "../errors.ts";
import type { RecordDefaults } from "../formats/record-builder.ts";
import type { EncodedRecords } from "../record/encoded-records.ts";

/** A body that is decoded as a whole. */
export interface BodyQuestion {
  readonly kind: "body";
  /** The decoder's name. */
  readonly decoder: string;
  /** What it has to know beside the body. */
  readonly parameters: unknown;
  /** The receiver's name. */
  readonly receiver: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface BodyAnswer {
  /** Undefined when there are none. */
  readonly logs: EncodedRecords | undefined;
  readonly spans: EncodedRecords | undefined;
  /** Records that could not be read. */
  readonly rejected: number;
  /** What else the decoder has for the answer. */
  readonly result: unknown;
}

/** A line that could not be read. */
export interface LineError {
  /** From 1; in an array, the number of the element. */
  readonly line: number;
  readonly message: string;
}

/** How the JSON lines of a request are to be read. */
export interface LinesOpening {
  readonly defaults: RecordDefaults;
  readonly receiver: string;
  /** Nanoseconds since 1970. */
  readonly now: bigint;
}

/** The next bytes of a request of JSON lines. */
export interface LinesQuestion {
  readonly kind: "lines";
  readonly session: number;
  /** With the first of them. */
  readonly opening: LinesOpening | undefined;
  /** Without any the thread goes on with those that it has. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** That no more come. */
  readonly isLast: boolean;
}

/** What is to be committed before the thread goes on. */
export interface LinesPart {
  readonly records: EncodedRecords;
  /** What they were made of. */
  readonly bytes: number;
  /** The line up to which everything is in this part or the ones before it. */
  readonly line: number;
}

export interface LinesAnswer {
  readonly part: LinesPart | undefined;
  /** That all bytes are decoded that the thread was given. */
  readonly isDone: boolean;
  /** Records that are decoded and in no part yet. */
  readonly waiting: number;
  readonly rejected: number;
  readonly errors: readonly LineError[];
}

/** Forgets a request of JSON lines. */
interface CloseQuestion {
  readonly kind: "close";
  readonly session: number;
}

/** What a thread is asked; it answers one after the other. */
export type Question = BodyQuestion | LinesQuestion | CloseQuestion;

export type AnswerTo<Q extends Question> = Q extends BodyQuestion
  ? BodyAnswer
  : Q extends LinesQuestion
    ? LinesAnswer
    : undefined;

/** What comes back from a thread. */
export type Reply = { readonly answer: AnswerTo<Question> } | { readonly error: ToldError };

/** An error on its way between threads, which keeps neither its class nor what was added to it. */
export interface ToldError {
  readonly message: string;
  readonly code?: PolylogError["code"];
  readonly details?: Pick<PolylogErrorDetails, "remedy" | "retryAfterSeconds" | "reason">;
}

export function tellError(error: unknown): ToldError {
  if (!(error instanceof PolylogError)) return { message: String(error) };
  const { code, message, remedy, retryAfterSeconds, reason } = error;
  return {
    message,
    code,
    details: {
      ...(remedy !== undefined && { remedy }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(reason !== undefined && { reason }),
    },
  };
}

export function errorOf({ message, code, details }: ToldError): Error {
  return code === undefined ? new Error(message) : new PolylogError(code, message, details);
}
