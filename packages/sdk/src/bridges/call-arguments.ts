import { format } from "node:util";
import { isError } from "../format/error.ts";
import { isPlainObject } from "./fields.ts";

/** What a call with any arguments, such as `console.log(…)`, says. */
export interface CallArguments {
  readonly message: string;
  readonly error: unknown;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/** What `util.format` takes an argument for. */
const DIRECTIVES = "sdifjoOc";

/**
 * Formats arguments as Node's console does, but for two kinds that mean more than their text, unless a directive asks for
 * them: the first error is kept as one, and a single plain object at the end as metadata.
 *
 * @example
 * readCallArguments(["paid %d €", 17, { orderId: 4 }]); // { message: "paid 17 €", metadata: { orderId: 4 }, … }
 * readCallArguments([new Error("boom")]); // { message: "boom", error: Error: boom, … }
 */
export function readCallArguments(args: readonly unknown[]): CallArguments {
  const [first] = args;
  if (args.length === 1 && typeof first === "string")
    return { message: first, error: undefined, metadata: undefined };
  const formatted = typeof first === "string" ? 1 + directivesIn(first) : 0;
  const error = args.find((argument) => isError(argument));
  const metadata = fieldsAtTheEnd(args, Math.max(1, formatted));
  const text: unknown[] = [];
  for (const [index, argument] of args.entries()) {
    if (argument === undefined) text.push(argument);
    // A directive would write the stack, which the error tells already.
    else if (argument === error && index < formatted) text.push(String(argument));
    else if (argument !== error && argument !== metadata) text.push(argument);
  }
  const message = text.length === 0 && error !== undefined ? error.message : textOf(text);
  return { message, error, metadata };
}

/** Node leaves a text alone as it is; here it had arguments, of which none is left. */
function textOf(text: readonly unknown[]): string {
  const [only] = text;
  return text.length === 1 && typeof only === "string" ? only.replaceAll("%%", "%") : format(...text);
}

function fieldsAtTheEnd(args: readonly unknown[], from: number): Record<string, unknown> | undefined {
  const last = args.length - 1;
  const fields = args[last];
  if (last < from || !isPlainObject(fields)) return undefined;
  const isSingle = !args.slice(from, last).some(isPlainObject);
  return isSingle ? fields : undefined;
}

function directivesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("%"); at !== -1 && at < text.length - 1; at = text.indexOf("%", at + 2)) {
    if (DIRECTIVES.includes(text[at + 1]!)) count++;
  }
  return count;
}
