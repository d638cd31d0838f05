import { hostname } from "node:os";
import type { Logger } from "../log.ts";
import type { Intake } from "../record/intake.ts";
import type { LogRecord, Resource } from "../record/record.ts";
import { resourceOf, scopeOf } from "../record/resource.ts";
import { LEVEL_NUMBER, type Level } from "../record/severity.ts";

/** Records that wait for the store at most; the oldest are dropped and counted. */
const MAX_WAITING = 1000;

/** Milliseconds between writes: the server's own records are few and nobody waits for an acknowledgement. */
const FLUSH_INTERVAL = 500;

/** Milliseconds that a stop waits for the last of them: a store that is away must not hold it up. */
const STOP_PATIENCE = 1000;

/** The name under which the server's own records are counted and kept. */
export const SELF_RECEIVER = "self";

export interface SelfLog {
  /** The logger of one part of the server: scope `polylog.<part>`. */
  logger(part: string): Logger;
  /** Begins to write into the store; until then records wait. */
  connect(intake: Intake): void;
  /** Records lost because the store took none for too long. */
  dropped(): number;
  /** Writes what waits, as far as the store takes it soon, then stops. */
  stop(): Promise<void>;
}

export interface SelfLogOptions {
  readonly version: string;
  /** The lowest level that is kept. */
  readonly level: Level | "off";
  /** Where a person at the terminal reads warnings and errors. */
  readonly write: (line: string) => void;
}

/**
 * The server's log of itself: into its own store, and warnings to the terminal.
 *
 * There is no feedback: a failure to write these records is counted and never itself logged, and taking them in
 * is not an event that anything logs.
 */
export function createSelfLog({ version, level, write }: SelfLogOptions): SelfLog {
  const resource: Resource = resourceOf([
    ...["service.name", "polylog", "service.version", version, "host.name", hostname()],
    ...["process.pid", String(process.pid), "polylog.runtime", "node"],
  ]);
  const lowest = level === "off" ? Number.POSITIVE_INFINITY : LEVEL_NUMBER[level];
  const waiting: LogRecord[] = [];
  let intake: Intake | undefined;
  let dropped = 0;
  let writing = Promise.resolve();

  const timer = setInterval(flush, FLUSH_INTERVAL);
  timer.unref();

  function flush(): Promise<void> {
    writing = writing.then(async () => {
      if (intake === undefined || waiting.length === 0) return;
      const batch = waiting.splice(0);
      try {
        await intake.writeLogs(batch, batch.length * 256, SELF_RECEIVER);
      } catch {
        // Back into the queue, in order; keep() bounds it.
        waiting.unshift(...batch);
        trim();
      }
    });
    return writing;
  }

  function trim(): void {
    const excess = waiting.length - MAX_WAITING;
    if (excess > 0) dropped += waiting.splice(0, excess).length;
  }

  function keep(record: LogRecord): void {
    waiting.push(record);
    trim();
  }

  return {
    logger(part) {
      const scope = scopeOf(`polylog.${part}`, version);
      const at =
        (level: Level) =>
        (message: string, attributes: Readonly<Record<string, unknown>> = {}): void => {
          const severityNumber = LEVEL_NUMBER[level];
          if (severityNumber < lowest) return;
          const pairs = Object.entries(attributes).flatMap(([key, value]) => [key, textOf(value)]);
          if (severityNumber >= LEVEL_NUMBER.warn) write(lineOf(level, part, message, pairs));
          const timestamp = BigInt(Date.now()) * 1_000_000n;
          keep({
            timestamp,
            observedTimestamp: timestamp,
            severityNumber,
            severityText: level.toUpperCase(),
            body: message,
            eventName: "",
            traceId: "",
            spanId: "",
            traceFlags: 0,
            resource,
            scope,
            attributes: pairs,
          });
        };
      return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
    },
    connect(target) {
      intake = target;
    },
    dropped: () => dropped,
    async stop() {
      clearInterval(timer);
      let timeout: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timeout = setTimeout(resolve, STOP_PATIENCE);
      });
      await Promise.race([flush(), patience]);
      clearTimeout(timeout);
    },
  };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.message;
  return JSON.stringify(value) ?? String(value);
}

function lineOf(level: Level, part: string, message: string, pairs: readonly string[]): string {
  let line = `${level} polylog.${part}: ${message}`;
  for (let i = 0; i < pairs.length; i += 2) line += ` ${pairs[i]}=${pairs[i + 1]}`;
  return line;
}
