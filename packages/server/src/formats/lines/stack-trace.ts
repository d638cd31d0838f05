/**
 * Which lines of plain text belong to one stack trace, in the forms that Java, Python, Node, Go, Rust, .NET,
 * PHP and Ruby print them. Indented lines are the joiner's business: they always belong to what is before.
 */
export type TraceKind =
  | "frames"
  | "python"
  | "python-end"
  | "node-head"
  | "node"
  | "go"
  | "rust"
  | "rust-head"
  | "php";

/** A line that begins a trace. */
export interface TraceStart {
  readonly kind: TraceKind;
  /**
   * `own`: nobody's but an uncaught error's, so it begins a record. `follows`: mostly written behind the record
   * that reports it.
   */
  readonly place: "own" | "follows";
}

const OWN = { place: "own" } as const;
const FOLLOWS = { place: "follows" } as const;

/** What a line may begin, by its first characters; most lines fail the first test. */
const STARTS: readonly (readonly [RegExp, TraceStart])[] = [
  [/^Traceback \(most recent call last\):/, { kind: "python", ...FOLLOWS }],
  [/^Exception in thread "[^"]{0,200}" /, { kind: "frames", ...OWN }],
  [/^Unhandled exception\. /, { kind: "frames", ...OWN }],
  [
    /^(?:panic: |fatal error: |goroutine \d+ (?:gp=\S+ )?[^[]{0,40}\[[^\]]{1,60}\]:$)/,
    { kind: "go", ...OWN },
  ],
  [/^thread '[^']{0,200}' (?:\(\d{1,20}\) )?panicked at [^\n]*:$/, { kind: "rust-head", ...OWN }],
  [/^thread '[^']{0,200}' (?:\(\d{1,20}\) )?panicked at '/, { kind: "rust", ...OWN }],
  [/^(?:node:|file:\/\/\/|\/)[^\s:]{1,400}:\d{1,7}$/, { kind: "node-head", ...OWN }],
  [/^PHP (?:Fatal error|Warning|Notice|Parse error): /, { kind: "php", ...OWN }],
  [
    /^(?:Uncaught )?(?:[A-Za-z_$][\w$]{0,64}[./])*[A-Z][\w$]{0,100}(?:Exception|Error|Throwable|Failure)(?: \[\w{1,64}\])?(?:: |:?$)/,
    { kind: "frames", ...FOLLOWS },
  ],
  [/^Error(?: \[\w{1,64}\])?: /, { kind: "frames", ...FOLLOWS }],
];

/** The trace that a line begins, if it begins one. */
export function traceStart(line: string): TraceStart | undefined {
  const head = line.length > 600 ? line.slice(0, 600) : line;
  return STARTS.find(([pattern]) => pattern.test(head))?.[1];
}

/** Frames, by which an indented block shows itself to be a trace. */
const FRAME =
  /^[ \t]{0,16}(?:at |File "|from [^\s:]{1,400}:\d|\.\.\. \d{1,5} (?:more|common frames omitted)|#\d{1,4} |\d{1,5}: \S|@ )/;

/** True for a line that is a frame of a trace. */
export function isFrame(line: string): boolean {
  return FRAME.test(line);
}

/** The frames of a Go trace, a function and the file below it: `main.main()`. */
const GO_FUNCTION =
  /^[\w.$/~*()[\]{}-]{1,400}\(.*\)$|^created by |^\[signal |^exit status \d|^[a-z\d]{2,6} {1,8}0x/;

/**
 * What kind of trace it is once `line` has been added to a trace of `kind`, or `undefined` when the line isn't
 * part of it.
 *
 * @param isBehindBlank whether there were empty lines before it
 */
export function traceGoesOn(kind: TraceKind, line: string, isBehindBlank: boolean): TraceKind | undefined {
  switch (kind) {
    case "python":
      if (isChained(line) || line.startsWith('> File "')) return "python";
      // loguru puts empty lines into its tracebacks; Python ends them with a name and a message.
      return isBehindBlank && !/^[A-Za-z_][\w.]{0,200}(?:: |$)/.test(line) ? undefined : "python-end";
    case "python-end":
      return isChained(line) ? "python" : undefined;
    case "go":
      return traceStart(line)?.kind === "go" || GO_FUNCTION.test(line.slice(0, 500)) ? "go" : undefined;
    case "rust-head":
      return isBehindBlank ? undefined : "rust";
    case "rust":
      return /^(?:note: |stack backtrace:|fatal runtime error: )/.test(line) ? "rust" : undefined;
    case "php":
      return /^(?:Stack trace:|#\d+ )/.test(line) ? "php" : undefined;
    case "node-head":
      // The line of source that threw, which a caret underlines.
      return isBehindBlank ? undefined : "node";
    case "node":
      return traceStart(line)?.kind === "frames" || /^(?:\^+$|\[|[}\])]|Node\.js v|Thrown at:)/.test(line)
        ? "node"
        : undefined;
    case "frames":
      if (/^(?:Caused by: |Suppressed: |[}\])]+[,;]?$|Stack trace:|#\d+ )/.test(line)) return "frames";
      return isBehindBlank && line.startsWith("Node.js v") ? "frames" : undefined;
  }
}

/** How Python joins the tracebacks of a chain. Source: Python's `traceback`, `_cause_message`, `_context_message`. */
function isChained(line: string): boolean {
  return (
    line.startsWith("During handling of the above exception") ||
    line.startsWith("The above exception was the direct cause") ||
    line.startsWith("Traceback (most recent call last):")
  );
}
