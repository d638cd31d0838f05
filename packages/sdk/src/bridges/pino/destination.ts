import { type BridgeOptions, openInlet } from "../inlet.ts";
import { type LineHead, readHead } from "./head.ts";
import { levelOf, type PinoKeys, readLine } from "./line.ts";

export interface PinoDestinationOptions extends BridgeOptions, PinoKeys {
  /** Name of the logger for records of a pino that has no `name`. @defaultValue the root */
  readonly logger?: string | undefined;
}

/** What pino writes its lines to. */
export interface PinoDestination {
  /** Tells pino a destination from its options, where both may come first. */
  readonly writable: true;
  write(line: string): void;
  /** pino's `logger.flush(callback)` leads here. */
  flush(callback?: (error?: Error) => void): void;
  flushSync(): void;
  end(): void;
}

/** What pino tells of a line before it writes it, to streams that carry this symbol. */
interface Announced {
  lastLevel: number | undefined;
  lastLogger: { bindings(): Record<string, unknown> } | undefined;
}
const ANNOUNCE = Symbol.for("pino.metadata");

/**
 * A destination for pino, in the same thread. Serializers, redaction and formatters of pino have been applied to what
 * arrives. The `name` of a pino, or of its child, is the name of the logger.
 *
 * @example
 * const log = pino({ name: "myapp.billing" }, polylogDestination());
 * log.warn({ orderId: 17 }, "card declined"); // logged by "myapp.billing", metadata { orderId: 17 }
 */
export function polylogDestination(options: PinoDestinationOptions = {}): PinoDestination {
  const inlet = openInlet(options.polylog);
  const nameless = options.logger ?? "";
  const names = new WeakMap<object, string>();
  const announced: Announced = { lastLevel: undefined, lastLogger: undefined };

  function nameOf(logger: Announced["lastLogger"]): string | undefined {
    if (logger === undefined) return undefined;
    const known = names.get(logger);
    if (known !== undefined) return known;
    const { name } = logger.bindings();
    const given = typeof name === "string" ? name : nameless;
    names.set(logger, given);
    return given;
  }

  return Object.assign(announced, {
    [ANNOUNCE]: true,
    writable: true as const,
    /** Hot. */
    write(line: string): void {
      const { lastLevel, lastLogger } = announced;
      announced.lastLevel = undefined;
      announced.lastLogger = undefined;
      // A line that pino announced need not be looked at before the level is known to be let through.
      const announcedName = nameOf(lastLogger);
      let head: LineHead | undefined;
      if (lastLevel === undefined || announcedName === undefined) head = readHead(line);
      const logger = announcedName ?? head?.name ?? nameless;
      const level = levelOf(lastLevel ?? head?.level, options.levels);
      if (inlet.isEnabled(logger, level))
        inlet.emit(readLine(line, head ?? readHead(line), logger, level, options));
    },
    flush(callback?: (error?: Error) => void): void {
      inlet.polylog.flush().then(() => callback?.(), callback);
    },
    flushSync: () => inlet.polylog.flushSync(),
    end: () => inlet.polylog.flushSync(),
  });
}
