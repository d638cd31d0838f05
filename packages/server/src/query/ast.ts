import type { Operand } from "./operand.ts";
import type { Range } from "./range.ts";

/*
 * The tree of a filter. Every node knows where in the text it stands. A node that was written in parentheses
 * includes them.
 */

/** Text with stars: the literal pieces between them. `["card"]` is `card`, `["card", ""]` is `card*`. */
export interface Pattern {
  readonly pieces: readonly string[];
}

/** Everything: the empty query, or `*` alone. */
export interface All extends Range {
  readonly kind: "all";
}

/** A word or phrase of the message: whole words in any case, unless a star opens its end. */
export interface Text extends Range {
  readonly kind: "text";
  readonly pattern: Pattern;
}

/** A regular expression (RE2) that finds something in the message. */
export interface Regex extends Range {
  readonly kind: "regex";
  readonly source: string;
  readonly ignoreCase: boolean;
}

/** What is asked of a field's value. */
export type Predicate =
  | { readonly kind: "equals"; readonly value: string }
  | { readonly kind: "pattern"; readonly pattern: Pattern }
  | { readonly kind: "regex"; readonly source: string; readonly ignoreCase: boolean }
  | { readonly kind: "exists" }
  | { readonly kind: "range"; readonly from: Bound | null; readonly to: Bound | null };

/** One side of a comparison or of a range. */
export interface Bound {
  readonly operand: Operand;
  readonly isInclusive: boolean;
}

/** `field:value` in its forms. */
export interface FieldTerm extends Range {
  readonly kind: "field";
  /** The field's name as written, without quotes and escapes. */
  readonly name: string;
  readonly predicate: Predicate;
}

export interface And extends Range {
  readonly kind: "and";
  readonly parts: readonly Filter[];
}

export interface Or extends Range {
  readonly kind: "or";
  readonly parts: readonly Filter[];
}

export interface Not extends Range {
  readonly kind: "not";
  readonly part: Filter;
}

export type Filter = All | Text | Regex | FieldTerm | And | Or | Not;
