import { severityOfWord } from "../record/severity.ts";
import { type Draft, type Format, newDraft } from "./format.ts";
import type { Clock } from "./time/clock.ts";
import { scanTime } from "./time/scan.ts";

/**
 * What a layout can ask for, by its `%name`:
 * `time` (any form that `scanTime` knows), `level` (a level word) or `letter` (its first letter), `logger` (one
 * word) or `qualified` (a word that only a logger can be), `message` (the rest), and attributes.
 * `thread`, `id` and `skip` (which is not kept) may hold blanks.
 */
const CAPTURES = {
  time: "",
  level: "",
  letter: "",
  logger: "",
  qualified: "",
  message: "",
  pid: "process.pid",
  tid: "thread.id",
  thread: "thread.name",
  file: "code.file.path",
  line: "code.line.number",
  function: "code.function.name",
  id: "log.record.id",
  skip: "",
} as const;
type Capture = keyof typeof CAPTURES;

/** No character. */
const TIME = "time";

type Step =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "blanks" }
  | { readonly kind: "capture"; readonly capture: Capture; readonly until: Until };

/** What ends a captured part. */
interface Until {
  /** The layout's next character, empty at its end. */
  readonly character: string;
  /** True when a blank follows that character: only then does it end a name that may hold it itself. */
  readonly isBeforeBlank: boolean;
}

/** Longest word or bracket that a layout takes: a hostile line must not be searched to its end each time. */
const MAX_CAPTURE = 256;

/**
 * Makes a format out of layouts, tried in order. A layout is a sample line with the changing parts named, as in
 * log4j's patterns: a blank stands for one or more, and every other character for itself. A captured part ends
 * where the layout's next character comes, and blanks that pad it are left out.
 *
 * @param detect as in {@link Format}
 * @example
 * layoutFormat("python", (line) => true, ["%time - %logger - %level - %message"]);
 */
export function layoutFormat(
  name: string,
  detect: (line: string) => boolean,
  layouts: readonly string[],
): Format {
  const compiled = layouts.map(compile).map((steps) => ({ steps, opening: openingOf(steps) }));
  return {
    name,
    detect,
    parse(line, clock) {
      // Looked for once, as most layouts begin with one, and most lines of other formats don't.
      let hasTime: boolean | undefined;
      const start = skipBlanks(line, 0);
      for (const { steps, opening } of compiled) {
        if (opening === TIME) {
          hasTime ??= scanTime(line, start, clock) !== undefined;
          if (!hasTime) continue;
        } else if (opening !== "" && line[start] !== opening) continue;
        const draft = match(steps, line, clock);
        if (draft !== undefined) return draft;
      }
      return undefined;
    },
  };
}

function compile(layout: string): readonly Step[] {
  const steps: Step[] = [];
  for (const { 0: part, index } of layout.matchAll(/%[a-z]+| +|[^% ]+/g)) {
    if (part.startsWith(" ")) steps.push({ kind: "blanks" });
    else if (!part.startsWith("%")) steps.push({ kind: "literal", text: part });
    else {
      const capture = part.slice(1);
      if (!isCapture(capture)) throw new Error(`layout "${layout}" asks for an unknown ${part}`);
      const after = index + part.length;
      const until = { character: layout[after] ?? "", isBeforeBlank: layout[after + 1] === " " };
      steps.push({ kind: "capture", capture, until });
    }
  }
  return steps;
}

/** What a line of a layout begins with: {@link TIME}, a character, or "" for what only a closer look tells. */
function openingOf([first]: readonly Step[]): string {
  if (first?.kind === "literal") return first.text[0] ?? "";
  return first?.kind === "capture" && first.capture === "time" ? TIME : "";
}

function isCapture(name: string): name is Capture {
  return Object.hasOwn(CAPTURES, name);
}

/** For the next layout to fill; one that a layout has begun and not finished is made empty again. */
let blank = newDraft();

function match(steps: readonly Step[], line: string, clock: Clock): Draft | undefined {
  const draft = blank;
  if (fill(draft, steps, line, clock)) {
    blank = newDraft();
    return draft;
  }
  draft.timestamp = undefined;
  draft.severityNumber = 0;
  draft.severityText = "";
  draft.body = "";
  draft.logger = "";
  // To set a length takes its time even where it is that already.
  if (draft.attributes.length > 0) draft.attributes.length = 0;
  return undefined;
}

/** Whether the line is of the layout: then it is in the draft, else a part of it may be. */
function fill(draft: Draft, steps: readonly Step[], line: string, clock: Clock): boolean {
  let at = 0;
  for (const step of steps) {
    if (step.kind === "literal") {
      // A closing bracket may stand behind padding: `[INFO ]`.
      if (!line.startsWith(step.text, at)) at = skipBlanks(line, at);
      if (!line.startsWith(step.text, at)) return false;
      at += step.text.length;
    } else if (step.kind === "blanks") {
      const next = skipBlanks(line, at);
      if (next === at && at < line.length) return false;
      at = next;
    } else {
      at = capture(draft, step.capture, step.until, line, at, clock);
      if (at < 0) return false;
    }
  }
  return true;
}

/** Takes one part and answers where it ends, -1 when it isn't there. */
function capture(
  draft: Draft,
  what: Capture,
  until: Until,
  line: string,
  start: number,
  clock: Clock,
): number {
  if (what === "message") {
    draft.body = line.slice(start);
    return line.length;
  }
  // A logger is never padded on its left: what stands behind blanks there is a message.
  const at = what === "logger" || what === "qualified" ? start : skipBlanks(line, start);
  if (what === "time") {
    const time = scanTime(line, at, clock);
    if (time === undefined) return -1;
    draft.timestamp = time.nanoseconds;
    return time.end;
  }
  const end =
    what === "level" || what === "letter" ? endOfLetters(line, at) : endOfCapture(line, at, until, what);
  if (end < 0) return -1;
  const text = line.slice(at, end).trimEnd();
  switch (what) {
    case "level":
    case "letter":
      // A lone letter is a level only where a layout expects one: "I", "a" and "D" are words and names, too.
      if (what === "letter" ? text.length !== 1 : text.length < 3) return -1;
      draft.severityNumber = severityOfWord(text);
      draft.severityText = text;
      return draft.severityNumber === 0 ? -1 : end;
    case "logger":
    case "qualified":
      if (!isLoggerName(text) || (what === "qualified" && !isQualified(text))) return -1;
      draft.logger = text;
      return end;
    case "skip":
      return end;
    case "pid":
    case "tid":
    case "line":
      if (!/^\d{1,10}$/.test(text)) return -1;
      draft.attributes.push(CAPTURES[what], text);
      return end;
    default:
      if (text !== "") draft.attributes.push(CAPTURES[what], text);
      return end;
  }
}

function endOfLetters(line: string, start: number): number {
  let at = start;
  while (at - start < 16 && isLetterOrDigit(line.charCodeAt(at))) at++;
  return at;
}

function endOfCapture(line: string, start: number, until: Until, what: Capture): number {
  // What may hold blanks ends at its closing character; everything else at a blank, too.
  const mayHoldBlanks = what === "thread" || what === "skip" || what === "id";
  const { character, isBeforeBlank } = until;
  const limit = Math.min(line.length, start + MAX_CAPTURE);
  for (let at = start; at < limit; at++) {
    const c = line[at]!;
    // Loggers hold colons (`a::b`), and so do files and functions.
    if (c === character && (c !== ":" || !isBeforeBlank || line[at + 1] === " ")) return at;
    if (!mayHoldBlanks && (c === " " || c === "\t")) {
      return character === " " || isBlankBefore(line, at, character) ? at : -1;
    }
  }
  return limit === line.length && character === "" ? limit : -1;
}

/** Padding between a part and the character that ends it: `c.f.Bar   : message`. */
function isBlankBefore(line: string, at: number, until: string): boolean {
  return line[skipBlanks(line, at)] === until;
}

/** Segments of a logger's name; no sentence's word ends in a comma, and no file path is a logger. */
function isLoggerName(text: string): boolean {
  return /^[\w$@<][\w$@.:/<>#[\]-]*$/.test(text);
}

/** `com.example.Main`, `a::b`, `my_app`, `SparkContext`, Python's `root`: nothing that begins a sentence. */
function isQualified(text: string): boolean {
  return text === "root" || /[._]\w|::|[a-z][A-Z]/.test(text);
}

function skipBlanks(line: string, start: number): number {
  let at = start;
  while (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9) at++;
  return at;
}

function isLetterOrDigit(c: number): boolean {
  return (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || (c >= 48 && c <= 57);
}
