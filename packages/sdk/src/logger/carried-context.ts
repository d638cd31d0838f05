import { parseTraceparent } from "../frameworks/traceparent.ts";
import type { LogContext } from "./context.ts";

/** Variables that hand a context on, to a process or in a message. All are texts. */
export interface CarriedContext {
  /** W3C Trace Context's `traceparent`. */
  readonly TRACEPARENT?: string;
  /** The rest, as JSON. */
  readonly POLYLOG_CONTEXT?: string;
}

/** Characters that are read. */
const LONGEST = 64 * 1024;

/** The context that {@link CarriedContext} holds; empty for what is malformed. Never throws. */
export function readCarried({ TRACEPARENT, POLYLOG_CONTEXT }: CarriedContext): LogContext {
  const trace = parseTraceparent(TRACEPARENT);
  return { ...valuesOf(POLYLOG_CONTEXT), ...(trace === undefined ? {} : { trace }) };
}

function valuesOf(text: string | undefined): LogContext {
  if (text === undefined || text.length > LONGEST) return {};
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values !== "object" || values === null || Array.isArray(values)) return {};
    const { trace: _, ...rest } = values as LogContext;
    return rest;
  } catch {
    return {};
  }
}
