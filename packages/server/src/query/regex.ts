import {
  CHARACTER,
  CLASS,
  escapedCharacter,
  FLAGS,
  isProperty,
  NAMED_GROUP,
  POSITION,
  POSIX_CLASS,
  REPETITION,
  UNAVAILABLE,
} from "./regex-syntax.ts";

/**
 * What is wrong with a regular expression, and where in it. ClickHouse matches with RE2, which takes no time
 * bombs and so neither lookaround nor backreferences: people know both from elsewhere, so they are named.
 *
 * Source: RE2's syntax, https://github.com/google/re2/wiki/Syntax
 */
export interface RegexProblem {
  readonly message: string;
  /** Offsets in the expression. */
  readonly start: number;
  readonly end: number;
}

/** Beyond these RE2 refuses, or needs more memory than ClickHouse gives it. */
const MOST_REPETITIONS = 1000;
const DEEPEST = 100;
const LONGEST = 2000;
/** In states of RE2's automaton, about: what ClickHouse refused began at 42,000. */
const LARGEST = 40_000;
/** A class of Unicode by category has some hundred ranges, by script some ten. */
const STATES = { character: 1, class: 4, script: 8, category: 100 } as const;

/** What an expression costs: how often the innermost thing is repeated at most, and how many states that is. */
interface Cost {
  readonly repetitions: number;
  readonly states: number;
}

class Refused extends Error {
  readonly problem: RegexProblem;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.problem = { message, start, end };
  }
}

/**
 * What is wrong with a regular expression, or `undefined` when ClickHouse takes it. Linear in its length.
 *
 * @example
 * checkRegex("(?=x)"); // { message: "Lookaround is not available in regular expressions here", start: 0, end: 3 }
 */
export function checkRegex(source: string): RegexProblem | undefined {
  try {
    if (source.length > LONGEST) {
      throw new Refused(`The regular expression is longer than ${LONGEST} characters`, 0, source.length);
    }
    new Checker(source).check();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
}

/** Goes through an expression once; one object an expression. */
class Checker {
  private readonly source: string;
  private readonly names = new Set<string>();
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  check(): void {
    const { states } = this.alternatives(0);
    if (states > LARGEST) {
      throw new Refused("The regular expression is too large; repeat less", 0, this.source.length);
    }
    if (this.at < this.source.length) {
      throw new Refused(
        "This parenthesis was never opened; write `\\)` for the character",
        this.at,
        this.at + 1,
      );
    }
  }

  /** Up to the end or a closing parenthesis. */
  private alternatives(depth: number): Cost {
    let repetitions = 1;
    let states = 0;
    let hasAtom = false;
    while (this.at < this.source.length && this.source[this.at] !== ")") {
      const start = this.at;
      if (this.source[start] === "|") {
        this.at++;
        hasAtom = false;
        continue;
      }
      if (this.isRepetition()) {
        if (!hasAtom) throw new Refused("There is nothing to repeat here", start, start + 1);
        throw new Refused(
          "A repetition can't be repeated; write parentheses around the first",
          start,
          start + 1,
        );
      }
      const inner = this.atom(depth);
      hasAtom = inner.states > 0;
      const times = hasAtom ? this.repetition(inner.repetitions) : 1;
      repetitions = Math.max(repetitions, inner.repetitions * times);
      states += inner.states * times;
    }
    return { repetitions, states: states + 1 };
  }

  /** One thing that can be repeated; no states when it can't, as flags. */
  private atom(depth: number): Cost {
    switch (this.source[this.at]) {
      case "(":
        return this.group(depth);
      case "[":
        return { repetitions: 1, states: this.bracket() };
      case "\\":
        return { repetitions: 1, states: this.escape() };
      default:
        this.at++;
        return { repetitions: 1, states: STATES.character };
    }
  }

  private group(depth: number): Cost {
    const start = this.at;
    if (depth >= DEEPEST)
      throw new Refused(`More than ${DEEPEST} parentheses inside one another`, start, start + 1);
    this.refuseUnavailable();
    const flags = this.take(FLAGS);
    if (flags?.[0].endsWith(")")) return { repetitions: 1, states: 0 };
    if (flags === undefined) this.openGroup(start);
    const inner = this.alternatives(depth + 1);
    if (this.source[this.at] !== ")") {
      throw new Refused("This parenthesis is never closed; write `\\(` for the character", start, start + 1);
    }
    this.at++;
    return inner;
  }

  private openGroup(start: number): void {
    const name = this.take(NAMED_GROUP)?.[1];
    if (name !== undefined) {
      if (this.names.has(name)) throw new Refused(`The group \`${name}\` is there twice`, start, this.at);
      this.names.add(name);
    } else if (this.source.startsWith("(?:", start)) this.at += 3;
    else if (this.source.startsWith("(?", start)) {
      throw new Refused("This kind of group is not available in regular expressions here", start, start + 2);
    } else this.at++;
  }

  private isRepetition(): boolean {
    const char = this.source[this.at];
    if (char === "*" || char === "+" || char === "?") return true;
    REPETITION.lastIndex = this.at;
    return char === "{" && REPETITION.test(this.source);
  }

  /** How often what is before is repeated: 1 when it is not. */
  private repetition(inner: number): number {
    const start = this.at;
    if (!this.isRepetition()) return 1;
    const counted = this.take(REPETITION);
    if (counted === undefined) this.at++;
    const least = Number(counted?.[1] ?? 1);
    const most = counted?.[3] ? Number(counted[3]) : least;
    if (most < least) throw new Refused("The repetition ends before it begins", start, this.at);
    if (Math.max(most, 1) * inner > MOST_REPETITIONS) {
      throw new Refused(`More than ${MOST_REPETITIONS} repetitions are not available`, start, this.at);
    }
    if (this.source[this.at] === "?") this.at++;
    return Math.max(most, 1);
  }

  /** Answers the states. */
  private escape(): number {
    const start = this.at;
    if (this.source.startsWith("\\Q", start)) {
      const end = this.source.indexOf("\\E", start);
      this.at = end < 0 ? this.source.length : end + 2;
      return (end < 0 ? this.source.length : end) - start - 2;
    }
    if (this.take(POSITION) !== undefined) return STATES.character;
    return this.characterOrClass();
  }

  /** An escape as it may also stand in brackets. Answers the states: more than one for a class. */
  private characterOrClass(): number {
    const start = this.at;
    if (this.take(CHARACTER) !== undefined) return STATES.character;
    const found = this.take(CLASS);
    if (found !== undefined) {
      const property = found[1] ?? found[2];
      if (property === undefined) return STATES.class;
      if (!isProperty(property)) {
        throw new Refused(`There is no class of characters \`${property}\``, start, this.at);
      }
      return property.length > 2 ? STATES.script : STATES.category;
    }
    this.refuseUnavailable();
    const end = Math.min(start + 2, this.source.length);
    throw new Refused(
      end === start + 1
        ? "Expected a character after the backslash"
        : `\`${this.source.slice(start, end)}\` is not available in regular expressions here`,
      start,
      end,
    );
  }

  /** `[a-z]`; answers the states. */
  private bracket(): number {
    const start = this.at;
    let states: number = STATES.class;
    this.at += this.source[start + 1] === "^" ? 2 : 1;
    for (let isFirst = true; this.source[this.at] !== "]" || isFirst; isFirst = false) {
      if (this.at >= this.source.length) {
        throw new Refused("This bracket is never closed; write `\\[` for the character", start, start + 1);
      }
      const from = this.at;
      if (this.take(POSIX_CLASS) !== undefined) continue;
      if (this.source.startsWith("[:", from)) {
        const end = this.source.indexOf(":]", from);
        if (end > 0 && end < from + 20) {
          throw new Refused(`There is no class \`${this.source.slice(from, end + 2)}\``, from, end + 2);
        }
      }
      const low = this.bracketCharacter();
      states += low.states - STATES.character;
      const next = this.source[this.at + 1];
      if (low.code === null || this.source[this.at] !== "-" || next === "]" || next === undefined) continue;
      this.at++;
      const high = this.bracketCharacter();
      if (high.code === null || high.code < low.code) {
        throw new Refused(
          `\`${this.source.slice(from, this.at)}\` is not a range of characters`,
          from,
          this.at,
        );
      }
    }
    this.at++;
    return states;
  }

  /** A character in brackets by its number, or null for a class. */
  private bracketCharacter(): { readonly code: number | null; readonly states: number } {
    const start = this.at;
    if (this.source[start] === "\\") {
      const states = this.characterOrClass();
      const isClass = states > STATES.character;
      return { code: isClass ? null : escapedCharacter(this.source.slice(start, this.at)), states };
    }
    const code = this.source.codePointAt(start) as number;
    this.at += code > 0xffff ? 2 : 1;
    return { code, states: STATES.character };
  }

  private take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const match = expression.exec(this.source);
    if (match === null) return undefined;
    this.at = expression.lastIndex;
    return match;
  }

  private refuseUnavailable(): void {
    for (const [begin, name] of UNAVAILABLE) {
      begin.lastIndex = this.at;
      const end = begin.test(this.source) ? begin.lastIndex : -1;
      if (end > 0) throw new Refused(`${name} not available in regular expressions here`, this.at, end);
    }
  }
}
