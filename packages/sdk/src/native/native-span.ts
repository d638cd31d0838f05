import type { Level } from "../logger/level.ts";
import type { System } from "../logger/record.ts";
import { copyOf } from "./kept-text.ts";

/** Seconds since 1970, and the nanoseconds beyond: `HrTime` of OpenTelemetry. */
export type SpanTime = [seconds: number, nanoseconds: number];

/** A span that native code has made in a trace of this application, and closed. */
export interface NativeSpan {
  readonly name: string;
  /** The target in Rust. */
  readonly logger: string;
  readonly level: Level;
  readonly system: System;
  readonly traceId: string;
  readonly spanId: string;
  /** Of another native span, or of the one that was active in JavaScript. */
  readonly parentSpanId: string;
  /** Those of the span in JavaScript; sampled, or there would be none. */
  readonly traceFlags: number;
  readonly start: SpanTime;
  readonly end: SpanTime;
  readonly kind: SpanKind;
  readonly status: SpanStatus;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

export type SpanKind = (typeof KINDS)[number];

export interface SpanStatus {
  readonly code: "unset" | "ok" | "error";
  readonly message?: string;
}

const KINDS = ["internal", "server", "client", "producer", "consumer"] as const;

/** What the fields of a span say of it: `otel.*` as `tracing-opentelemetry` reads them, and errors. */
export interface SpanFields extends Pick<NativeSpan, "kind" | "status" | "attributes"> {
  /** @defaultValue the name it has in the code */
  readonly name: string | undefined;
}

/**
 * @param hasFailed whether an error was logged in the span
 * @example
 * readSpanFields({ "otel.kind": "client", node: 3 }, false); // kind client, attribute node
 */
export function readSpanFields(
  fields: Readonly<Record<string, unknown>> | undefined,
  hasFailed: boolean,
): SpanFields {
  const attributes: Record<string, string | number | boolean> = {};
  let name: string | undefined;
  let kind: SpanKind = "internal";
  let said: string | undefined;
  let description: string | undefined;
  let error: unknown;
  for (const key in fields) {
    const value = fields[key];
    if (key === "otel.name") name = textOf(value);
    else if (key === "otel.kind") kind = kindOf(value);
    else if (key === "otel.status_code") said = textOf(value)?.toLowerCase();
    else if (key === "otel.status_description" || key === "otel.status_message") description = textOf(value);
    else {
      if (key === "error" || key === "err") error = value;
      const attribute = attributeOf(value);
      if (attribute !== undefined) setAttribute(attributes, key, attribute);
    }
  }
  const isError = said === "error" || (said !== "ok" && (hasFailed || isErrorValue(error)));
  const message = description ?? (typeof error === "boolean" ? undefined : textOf(error));
  const status: SpanStatus = isError
    ? { code: "error", ...(message !== undefined && { message }) }
    : { code: said === "ok" ? "ok" : "unset" };
  return { name, kind, status, attributes };
}

function kindOf(value: unknown): SpanKind {
  const text = String(value).toLowerCase();
  return KINDS.find((kind) => kind === text) ?? "internal";
}

function isErrorValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== "";
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  // Spans are kept until their batch is sent.
  return copyOf(value instanceof Error ? value.message : String(value));
}

/** Numbers beyond doubles become text: OpenTelemetry's attributes have no others. */
function attributeOf(value: unknown): string | number | boolean | undefined {
  return typeof value === "number" || typeof value === "boolean" ? value : textOf(value);
}

/** An attribute of any name is one. */
function setAttribute(attributes: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(attributes, name, { value, enumerable: true, configurable: true, writable: true });
  } else attributes[name] = value;
}
