import type { Range } from "./range.ts";

/** What is wrong with a query, in words for the person who typed it, and where. */
export interface QueryError extends Range {
  readonly message: string;
  /** What could stand there instead; empty when there is no short answer. */
  readonly expected: readonly string[];
}

/** Something that is right but perhaps not what was meant. */
export interface QueryHint extends Range {
  readonly message: string;
}

/** Carries a {@link QueryError} out of the recursive descent. Never leaves this folder. */
export class QueryFailure extends Error {
  readonly error: QueryError;

  constructor(message: string, range: Range, expected: readonly string[] = []) {
    super(message);
    this.error = { message, start: range.start, end: range.end, expected };
  }
}

/** What the user wrote, short enough for a message. */
export function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
