import {
  type Attributes,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanStatusCode,
  trace as traceApi,
} from "@opentelemetry/api";
import { tracing } from "../api.ts";
import { isRegistered } from "../registered.ts";

/** Takes everything and keeps nothing. */
const NO_SPAN = traceApi.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** What is done inside a span; it may add to it. */
export type Work<Result> = (span: Span) => Result;

/**
 * Runs `work` inside a span of this name. The span ends when `work` returns, or when the promise that it returns is settled; an
 * error is recorded in the span and goes on to the caller. Spans made inside are its children.
 *
 * Without `initTracing` only `work` is run.
 *
 * @returns what `work` returns
 * @example
 * const order = await trace("place order", { "order.items": 3 }, () => place(items));
 */
export function trace<Result>(name: string, work: Work<Result>): Result;
export function trace<Result>(name: string, attributes: Attributes, work: Work<Result>): Result;
export function trace<Result>(name: string, second: Attributes | Work<Result>, third?: Work<Result>): Result {
  // Asking OpenTelemetry for a span that is none costs ten times as much.
  if (!isRegistered("trace")) return (third ?? (second as Work<Result>))(NO_SPAN);
  const tracer = tracing.tracer();
  if (third === undefined) {
    const work = second as Work<Result>;
    return tracer.startActiveSpan(name, (span) => runIn(span, work));
  }
  return tracer.startActiveSpan(name, { attributes: second as Attributes }, (span) => runIn(span, third));
}

function runIn<Result>(span: Span, work: Work<Result>): Result {
  if (!span.isRecording()) return work(span);
  let result: Result;
  try {
    result = work(span);
  } catch (error) {
    fail(span, error);
    throw error;
  }
  if (result instanceof Promise) {
    // What follows it and not the very promise: a rejection that nobody looks at would count as handled by us.
    return result.then(
      (value) => {
        span.end();
        return value;
      },
      (error) => {
        fail(span, error);
        throw error;
      },
    ) as Result;
  }
  if (isThenable(result)) return endWith(span, result) as Result;
  span.end();
  return result;
}

/** Some do their work anew whenever they are asked: so this is the only time. */
async function endWith(span: Span, result: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await result;
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function fail(span: Span, error: unknown): void {
  markFailed(span, error);
  span.end();
}

/** @see https://opentelemetry.io/docs/specs/semconv/general/recording-errors/ */
function markFailed(span: Span, error: unknown): void {
  const isError = error instanceof Error;
  const message = isError ? error.message : String(error);
  span.recordException(isError ? error : message);
  span.setAttribute("error.type", isError ? error.name : typeof error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}
