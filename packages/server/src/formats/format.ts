import type { Clock } from "./time/clock.ts";

/**
 * What a line says of its record. What it leaves out stays empty and is filled in from where the line comes
 * from. Mutable while it is being read; every draft has the same shape, which keeps the hot path fast.
 */
export interface Draft {
  /** Nanoseconds since 1970. */
  timestamp: bigint | undefined;
  /** OpenTelemetry's number, 0 when unknown. */
  severityNumber: number;
  severityText: string;
  body: string;
  logger: string;
  eventName: string;
  traceId: string;
  spanId: string;
  traceFlags: number;
  service: string;
  host: string;
  runtime: string;
  /** Flat pairs, like `Attributes`. */
  readonly attributes: string[];
  /** Flat pairs that belong to the resource. */
  readonly resource: string[];
}

export function newDraft(): Draft {
  return {
    timestamp: undefined,
    severityNumber: 0,
    severityText: "",
    body: "",
    logger: "",
    eventName: "",
    traceId: "",
    spanId: "",
    traceFlags: 0,
    service: "",
    host: "",
    runtime: "",
    attributes: [],
    resource: [],
  };
}

/** One way in which programs write log lines. */
export interface Format {
  /** Lower case, as shown to people: `syslog-rfc5424`. */
  readonly name: string;
  /**
   * False when the line is surely not of this format. Looks at a few characters only; `parse` decides.
   */
  detect(line: string): boolean;
  /**
   * Reads a line, or answers `undefined` when it isn't of this format. Linear in the line's length, and never
   * throws, whatever the line.
   */
  parse(line: string, clock: Clock): Draft | undefined;
  /**
   * True when the line goes on with a record of this format, of which `taken` such lines have come before it.
   * Only for formats whose records have several lines of their own; stack traces are recognised behind every
   * format.
   */
  continues?(line: string, taken: number): boolean;
  /** True when a record never goes on in the next line, so that it need not be waited for. */
  readonly isSingleLine?: true;
  /** Reads the lines that `continues` took. */
  extend?(draft: Draft, lines: readonly string[]): void;
}
