import { type Threshold, toThreshold } from "./level.ts";
import { canonicalName } from "./name.ts";

/** A part of a filter. */
interface Directive {
  /** Canonical name of the loggers it governs; empty for all. */
  readonly target: string;
  readonly level: Threshold;
  /** Only within spans of this name; means something to native code alone. */
  readonly span?: string;
  /** Only within spans that have these fields, as written; means something to native code alone. */
  readonly fields?: string;
  /** As it was written. */
  readonly text: string;
}

interface DirectiveError {
  readonly text: string;
  /** Offset in the filter. */
  readonly position: number;
  readonly message: string;
}

export interface ParsedDirectives {
  readonly directives: readonly Directive[];
  readonly errors: readonly DirectiveError[];
}

/** The numbers of `tracing`'s filters, from 0. */
const NUMBERS: readonly Threshold[] = ["off", "error", "warn", "info", "debug", "trace"];

/** `target[span{fields}]=level`, where all but one may be missing. */
const DIRECTIVE = /^([^[\]{}=]*)(?:\[([^\]{}]*)(?:\{([^}]*)\})?\][^\S\r\n]{0,8})?(?:(=)([^=]*))?$/;

/**
 * Reads filter directives: `warn,myapp.billing=debug,my_core::cluster[connect{node=3}]=trace`. The grammar is that of
 * `RUST_LOG` (tracing-subscriber's EnvFilter), with three of its traps taken out: a target governs at the boundary of a
 * segment only (`foo` doesn't govern `foobar`), blanks around commas and `=` mean nothing, and names like `@scope/pkg`
 * are names. What can't be read is told, and the rest holds.
 *
 * @example
 * parseDirectives("warn, myapp.billing = debug").directives.length; // 2
 */
export function parseDirectives(filter: string): ParsedDirectives {
  const directives = new Map<string, Directive>();
  const errors: DirectiveError[] = [];
  for (const { text, position } of partsOf(filter)) {
    const directive = readDirective(text);
    if (typeof directive === "string") errors.push({ text, position, message: directive });
    else directives.set(`${directive.target}[${directive.span ?? ""}{${directive.fields ?? ""}}]`, directive);
  }
  return { directives: [...directives.values()], errors };
}

/** The parts between commas; a comma in brackets or braces parts fields, not directives. */
function partsOf(filter: string): { text: string; position: number }[] {
  const parts: { text: string; position: number }[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= filter.length; at++) {
    const character = filter[at];
    if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (at < filter.length && (character !== "," || depth > 0)) continue;
    const part = filter.slice(start, at);
    const text = part.trim();
    if (text !== "") parts.push({ text, position: start + part.indexOf(text) });
    start = at + 1;
  }
  return parts;
}

/** The directive, or what is wrong with it. */
function readDirective(text: string): Directive | string {
  const found = DIRECTIVE.exec(text);
  if (found === null) return "expected target[span{fields}]=level";
  const [, rawTarget = "", span, fields, equals, rawLevel = ""] = found;
  const target = rawTarget.trim();
  const isBare = equals === undefined && span === undefined;
  const alone = isBare ? levelOf(target) : undefined;
  if (alone !== undefined) return { target: "", level: alone, text };
  const level = rawLevel.trim() === "" ? "trace" : levelOf(rawLevel);
  if (level === undefined) {
    return `"${rawLevel.trim()}" is no level: off, error, warn, info, debug, trace and 0 to 5 are`;
  }
  return {
    target: canonicalName(target),
    level,
    ...(span ? { span } : {}),
    ...(fields ? { fields } : {}),
    text,
  };
}

function levelOf(text: string): Threshold | undefined {
  const word = text.trim();
  return /^[0-5]$/.test(word) ? NUMBERS[Number(word)] : toThreshold(word);
}
