import { isError } from "../../format/error.ts";
import type { Level } from "../../logger/level.ts";
import type { ForeignRecord } from "../../logger/record.ts";
import { readCallArguments } from "../call-arguments.ts";
import { fieldsExcept } from "../fields.ts";
import { foreignError } from "../foreign-error.ts";

/** A record of winston, after its formats. */
export interface WinstonInfo {
  readonly level: string;
  readonly message: unknown;
  readonly [field: string | symbol]: unknown;
}

/** Arguments after the message. */
const SPLAT = Symbol.for("splat");

const TOLD: ReadonlySet<string> = new Set(["level", "message"]);
/** What winston takes over of an error, or writes for one, beside its fields. */
const TOLD_WITH_ERROR: ReadonlySet<string> = new Set([
  ...TOLD,
  ...["error", "stack", "cause"],
  ...["exception", "rejection", "date", "trace"],
]);

export function readInfo(info: WinstonInfo, logger: string, level: Level): ForeignRecord {
  const error = errorOf(info);
  const said = readCallArguments([info.message]);
  const told = error === undefined ? TOLD : TOLD_WITH_ERROR;
  const metadata = fieldsExcept(info, (key) => told.has(key));
  const message = error === undefined ? said.message : withoutError(said.message, info, error);
  return { logger, level, message, error: error ?? said.error, metadata };
}

/** winston has several ways to carry an error, by how it was logged and which formats it went through. */
function errorOf(info: WinstonInfo): Error | undefined {
  if (isError(info)) return info;
  if (isError(info.error)) return info.error;
  const given = info[SPLAT];
  const error: unknown = Array.isArray(given) ? given.find((argument) => isError(argument)) : undefined;
  if (isError(error)) return error;
  const { stack, message, cause } = info;
  if (typeof stack !== "string") return undefined;
  // Child loggers and `format.errors` leave only this of it.
  return foreignError({ name: nameIn(stack), message, stack, cause });
}

/** `TypeError` of `TypeError: x is not a function`. */
function nameIn(stack: string): string | undefined {
  return /^[\w$.]{1,100}(?=:|\n|$)/.exec(stack)?.[0];
}

/** The message as it was given: winston adds the error's to it, and the stack of an uncaught one. */
function withoutError(message: string, info: WinstonInfo, error: Error): string {
  if (info === (error as unknown) || info.stack !== error.stack) return message;
  for (const added of [`\n${error.stack}`, ` ${error.message}`]) {
    if (message.endsWith(added)) return message.slice(0, -added.length);
  }
  return message;
}
