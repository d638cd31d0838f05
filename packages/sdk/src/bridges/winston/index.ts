import { Writable } from "node:stream";
import { isError } from "../../format/error.ts";
import type { Level } from "../../logger/level.ts";
import { type BridgeOptions, openInlet } from "../inlet.ts";
import { replaceMethod } from "../replace-method.ts";
import { readInfo, type WinstonInfo } from "./info.ts";
import { type WinstonLevels, winstonLevel } from "./levels.ts";

export type { WinstonInfo, WinstonLevels };

export interface WinstonTransportOptions extends BridgeOptions {
  /** winston's loggers have no names: one for all, or one read from the record. @defaultValue the root */
  readonly logger?: string | ((info: WinstonInfo) => string) | undefined;
  /** Levels of names that only the application knows: `{ audit: "warn" }`. */
  readonly levels?: Readonly<Record<string, Level>> | undefined;
  /** The least severe of winston's levels that is taken. @defaultValue the one of the winston logger */
  readonly level?: string;
  readonly silent?: boolean;
  readonly handleExceptions?: boolean;
  readonly handleRejections?: boolean;
}

/** A transport as winston wants one: a stream of objects with these beside. */
export interface WinstonTransport extends Writable {
  level?: string;
  silent?: boolean;
  handleExceptions?: boolean;
  handleRejections?: boolean;
  log(info: WinstonInfo, next: () => void): void;
}

/** What winston is to a transport that it is piped to. */
interface WinstonLogger {
  write(info: unknown, ...rest: unknown[]): boolean;
  readonly levels?: WinstonLevels;
  readonly level?: string;
}

/** The level's name, which formats that colour `level` leave alone. */
const LEVEL = Symbol.for("level");

/** Marks what a sink of ours gave to winston while it took a record. Formats that copy a record take it along. */
const ECHO = Symbol("polylog.echo");

/**
 * A transport for winston. What arrives has been through winston's formats; fields become metadata, errors are kept as
 * such, and names of any of winston's level sets are understood.
 *
 * @example
 * const log = winston.createLogger({ level: "silly", transports: [polylogTransport({ logger: "myapp" })] });
 * log.warn("card declined", { orderId: 17 });
 */
export function polylogTransport(options: WinstonTransportOptions = {}): WinstonTransport {
  const { polylog, logger = "", levels: own, ...behaviour } = options;
  const inlet = openInlet(polylog);
  let parent: WinstonLogger | undefined;
  let known = new Map<string, Level>();

  function levelOf(name: string): Level {
    let level = known.get(name);
    if (level === undefined) {
      level = own !== undefined && Object.hasOwn(own, name) ? own[name]! : winstonLevel(name, parent?.levels);
      known.set(name, level);
    }
    return level;
  }

  function isTaken(info: WinstonInfo, name: string): boolean {
    if (isEcho(info)) return false;
    if (transport.silent || (info.exception === true && !transport.handleExceptions)) return false;
    const least = transport.level ?? parent?.level;
    const numbers = parent?.levels;
    if (least === undefined || numbers === undefined) return true;
    return !(numbers[least]! < numbers[name]!);
  }

  function log(info: WinstonInfo, next: () => void): void {
    const name = String(info[LEVEL] ?? info.level);
    if (isTaken(info, name)) {
      const level = info.exception === true ? "fatal" : levelOf(name);
      const target = typeof logger === "string" ? logger : logger(info);
      if (inlet.isEnabled(target, level)) inlet.emit(readInfo(info, target, level));
    }
    next();
  }

  const stream = new Writable({
    objectMode: true,
    write: (info: WinstonInfo, _encoding, done) => log(info, done),
    final: (done) => void inlet.polylog.flush().then(() => done(), done),
  });
  const transport: WinstonTransport = Object.assign(stream, behaviour, { log });
  const unmark = new Map<unknown, () => void>();
  stream.on("pipe", (source: unknown) => {
    parent = source as WinstonLogger;
    known = new Map();
    // winston puts off what is logged while it is logging, until nobody knows any more where that came from.
    const undo = replaceMethod(
      parent,
      "write",
      (original) =>
        function (this: WinstonLogger, info, ...rest) {
          if (inlet.isBusy) Object.assign(info as object, { [ECHO]: true });
          return original.call(this, info, ...rest);
        },
    );
    unmark.set(source, undo);
  });
  stream.on("unpipe", (source: unknown) => unmark.get(source)?.());
  return transport;
}

function isEcho(info: WinstonInfo): boolean {
  if (info[ECHO] !== true) return false;
  // winston logs an error as the very object it is, which may be logged again.
  if (isError(info)) delete (info as { [ECHO]?: boolean })[ECHO];
  return true;
}
