import { type ErrorCode, PolylogError } from "../../errors.ts";
import { lengthField, varintField } from "./protobuf/writer.ts";
import type { Encoding, Outcome, Signal } from "./signals.ts";

/** Codes of `google.rpc.Status`, which are gRPC's. */
const INVALID_ARGUMENT = 3;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** A refusal as `google.rpc.Status` says it. */
export interface Status {
  readonly code: number;
  readonly message: string;
  /** When to try again; only on errors that pass. */
  readonly retryAfterSeconds?: number;
}

/**
 * The status of each error. Only RESOURCE_EXHAUSTED (with a time to try again) and UNAVAILABLE are tried again by
 * clients, so what can't ever succeed is INVALID_ARGUMENT. Source: OTLP specification, "Failures".
 */
const CODE_OF_ERROR: Partial<Record<ErrorCode, number>> = {
  POLYLOG_E_BAD_REQUEST: INVALID_ARGUMENT,
  POLYLOG_E_TOO_LARGE: INVALID_ARGUMENT,
  POLYLOG_E_UNSUPPORTED_MEDIA_TYPE: INVALID_ARGUMENT,
  POLYLOG_E_UNAUTHORIZED: UNAUTHENTICATED,
  POLYLOG_E_FORBIDDEN: PERMISSION_DENIED,
  POLYLOG_E_INTAKE_FULL: RESOURCE_EXHAUSTED,
  POLYLOG_E_STORE_UNAVAILABLE: UNAVAILABLE,
  POLYLOG_E_STOPPING: UNAVAILABLE,
};

/** The status for an error. Errors that are not ours tell nothing of their inside. */
export function statusOf(error: unknown): Status {
  if (!(error instanceof PolylogError)) {
    return { code: INTERNAL, message: "The server failed on this request; its log says why." };
  }
  const code = CODE_OF_ERROR[error.code] ?? INTERNAL;
  const message =
    error.remedy === undefined ? error.message : `${error.message.replace(/\.$/, "")}. ${error.remedy}`;
  const passes = code === RESOURCE_EXHAUSTED || code === UNAVAILABLE;
  return passes ? { code, message, retryAfterSeconds: retryAfter(error) } : { code, message };
}

function retryAfter(error: PolylogError): number {
  return Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1));
}

/** `google.rpc.Status`, with `RetryInfo` among its details where trying again helps. */
export function encodeStatus(status: Status, encoding: Encoding): Buffer {
  const { code, message, retryAfterSeconds } = status;
  if (encoding === "json") {
    const details =
      retryAfterSeconds === undefined
        ? {}
        : { details: [{ "@type": RETRY_INFO, retryDelay: `${retryAfterSeconds}s` }] };
    return Buffer.from(JSON.stringify({ code, message, ...details }));
  }
  const detail =
    retryAfterSeconds === undefined
      ? ""
      : Buffer.concat([lengthField(1, RETRY_INFO), lengthField(2, encodeRetryInfo(retryAfterSeconds))]);
  return Buffer.concat([varintField(1, code), lengthField(2, message), lengthField(3, detail)]);
}

const RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

/** `RetryInfo { Duration retry_delay = 1 }`, `Duration { int64 seconds = 1 }`. */
function encodeRetryInfo(seconds: number): Buffer {
  return lengthField(1, varintField(1, seconds));
}

/** `Export…ServiceResponse`, with `partial_success` where there is something to tell. */
export function encodeSuccess(signal: Signal, { rejected, message }: Outcome, encoding: Encoding): Buffer {
  const isPartial = rejected > 0 || message !== "";
  if (encoding === "json") {
    const partialSuccess = { [signal.rejectedField]: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(isPartial ? { partialSuccess } : {}));
  }
  return lengthField(1, Buffer.concat([varintField(1, rejected), lengthField(2, message)]));
}
