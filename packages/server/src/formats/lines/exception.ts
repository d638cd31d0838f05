/** What a stack trace is about. */
export interface ExceptionHead {
  readonly type: string;
  readonly message: string;
}

const PYTHON = "Traceback (most recent call last):";
/** Words before the exception's own name: Java, .NET, Node, browsers. */
const PREFIX = /^(?:Exception in thread "[^"]{0,200}" |Unhandled exception\. |Uncaught |Caused by: )/;
const NAME = /^([A-Za-z_$][\w$]*(?:(?:\.|::|\/)[A-Za-z_$][\w$]*)*)(?: \[[\w.]{1,64}\])?(?::\s?|$)/;
const RUBY = /^[^\s:]{1,400}:\d{1,7}:in [`'][^']{0,200}': (.{0,400}) \(([A-Z][\w:]{0,200})\)$/;
/** What exceptions are called that have no message. */
const BARE_NAME = /(?:Exception|Error|Throwable|Failure)$/;
const RUST_PANIC = /^(?:\n)?thread '[^'\n]{0,200}' (?:\(\d+\) )?panicked at (?:'([^\n]*)', |[^\n]*:\n)/;

/**
 * The type and the message of the exception that a stack trace shows: the last of Python's chain (it caused
 * the lines), the first of everyone else's.
 *
 * @example
 * exceptionOfStack("TypeError: no such thing\n    at main.js:1:1"); // { type: "TypeError", message: "no such thing" }
 */
export function exceptionOfStack(stack: string): ExceptionHead | undefined {
  if (stack === "") return undefined;
  const python = stack.lastIndexOf(PYTHON);
  if (python >= 0) return pythonHead(stack, python + PYTHON.length);
  if (stack.startsWith("panic: ") || stack.startsWith("fatal error: ")) {
    const [kind, message] = splitOnce(firstLine(stack), ": ");
    return { type: kind, message };
  }
  const rust = RUST_PANIC.exec(stack);
  if (rust !== null) {
    return { type: "panic", message: rust[1] ?? firstLine(stack.slice(rust[0].length)) };
  }
  const ruby = RUBY.exec(firstLine(stack));
  if (ruby !== null) return { type: ruby[2]!, message: ruby[1]! };
  // An uncaught error of Node's: where it was thrown, the line of source, a caret, an empty line, the error.
  const node = /^(?:node:|file:\/\/\/|\/)[^\s:]{1,400}:\d{1,7}\n/.test(stack) ? stack.indexOf("\n\n") : -1;
  return namedHead(node < 0 ? stack : stack.slice(node + 2), false);
}

/** The first line that isn't indented ends the frames and names the exception. */
function pythonHead(stack: string, from: number): ExceptionHead | undefined {
  let start = stack.indexOf("\n", from) + 1;
  while (start > 0 && start < stack.length) {
    const c = stack.charCodeAt(start);
    // loguru marks the frame that it is about by `> `.
    const isFrame = c === 32 || c === 9 || c === 10 || c === 13 || c === 62;
    if (!isFrame) return namedHead(stack.slice(start), true);
    start = stack.indexOf("\n", start) + 1;
  }
  return undefined;
}

/** @param isSure whether a name alone is one: elsewhere it may be a frame's function */
function namedHead(stack: string, isSure: boolean): ExceptionHead | undefined {
  const text = stack.slice(PREFIX.exec(stack)?.[0].length ?? 0);
  const line = firstLine(text);
  const found = NAME.exec(line.length > 1024 ? line.slice(0, 1024) : line);
  if (found === null || !(isSure || found[0].includes(":") || BARE_NAME.test(found[1]!))) return undefined;
  const rest = text.slice(found[0].length);
  return { type: found[1]!, message: beforeFrames(rest, line.length === found[0].length) };
}

/** The message: all lines before the first frame. */
function beforeFrames(text: string, isEmpty: boolean): string {
  if (isEmpty) return "";
  const frames = /\n(?:[ \t]+at |\t|[ \t]*File "|#\d+ |Caused by: |Traceback |[ \t]*$)/.exec(text);
  return (frames === null ? text : text.slice(0, frames.index)).trimEnd();
}

function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return (end < 0 ? text : text.slice(0, end)).trimEnd();
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
