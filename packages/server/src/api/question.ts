import type { ClickHouseSettings } from "@clickhouse/client";
import type { Statistics } from "../contract/index.ts";
import type { Statement } from "./statement.ts";

/** What a question does when it meets a limit of time or rows: answers with what it has by then, or fails. */
export type AtLimit = "answer" | "fail";

export interface Question extends Statement {
  /**
   * Only a statement that ends its own reading in time can answer with a part: the engine throws away what it has
   * when the time of the whole is over. See {@link countQuestion}.
   */
  readonly atLimit: AtLimit;
  /** Milliseconds, when less than the limits allow. */
  readonly timeout?: number;
  readonly settings?: ClickHouseSettings;
}

export interface Answer {
  /** Rows as lists of values, in the order of the statement's columns; 64-bit numbers are text. */
  readonly rows: readonly (readonly unknown[])[];
  /** Rows before the statement's LIMIT, as far as the engine looked. */
  readonly rowsBeforeLimit: number;
  /** True when a limit of time or rows, or a node that is away, kept the question from reading everything. */
  readonly isPartial: boolean;
  readonly statistics: Statistics;
}

/** Puts one question to the engine; rejects with a PolylogError when it fails, or when its asker leaves. */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Answer>;
