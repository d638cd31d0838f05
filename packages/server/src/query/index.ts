export type {
  All,
  And,
  Bound,
  FieldTerm,
  Filter,
  Not,
  Or,
  Pattern,
  Predicate,
  Regex,
  Text,
} from "./ast.ts";
export { type Completion, completionAt } from "./completion.ts";
export { QUERY_LIMITS, type QueryLimits } from "./cursor.ts";
export { addFilter, removePart } from "./edit.ts";
export type { QueryError, QueryHint } from "./error.ts";
export {
  attributeName,
  columnFields,
  type FieldReference,
  type FieldType,
  fieldReference,
  type Place,
} from "./fields.ts";
export { instantNanoseconds } from "./instant.ts";
export { LEVEL_NAMES } from "./level.ts";
export { type Token, type TokenKind, tokenize } from "./lexer.ts";
export { type ParseOptions, type ParseResult, parseQuery } from "./parser.ts";
export { type QueryPart, topLevelParts } from "./parts.ts";
export { quoteField, quotePhrase, quoteValue } from "./quote.ts";
export type { Range } from "./range.ts";
export { filterToSql, onlyToken, type SqlFilter } from "./sql/filter.ts";
export { createParameters, type Parameters, type ParameterType } from "./sql/parameters.ts";
export type { Target } from "./target.ts";
export type { Zone } from "./time/calendar.ts";
export {
  type InstantResult,
  parseInstant,
  parseTimeRange,
  type TimeError,
  type TimeRange,
  type TimeRangeResult,
} from "./time/time.ts";
