import { type Histogram, type Span, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { Failure } from "./failure.ts";
import type { Template } from "./template.ts";

/** What commands become spans and measurements by. */
export interface Telemetry {
  /** True while nobody has set up any OpenTelemetry SDK: operations are let through as they are. */
  readonly isIdle: boolean;
  readonly tracer: Tracer;
  /** `undefined` when nobody collects metrics. */
  readonly durations: Histogram | undefined;
  failureOf(error: unknown): Failure;
  /** A better name for an `operate` of these arguments. */
  stepNameOf(args: readonly unknown[]): string | undefined;
}

/** An operation from its start to its `end`, which is the first that counts. */
export class RunningOperation {
  readonly #span: Span;
  readonly #template: Template;
  readonly #telemetry: Telemetry;
  /** Those of the start: an end without a start would measure nonsense. */
  readonly #durations: Histogram | undefined;
  readonly #start: number;
  #records = 0;
  #isEnded = false;

  constructor(span: Span, template: Template, telemetry: Telemetry) {
    this.#span = span;
    this.#template = template;
    this.#telemetry = telemetry;
    this.#durations = telemetry.durations;
    this.#start = this.#durations === undefined ? 0 : performance.now();
  }

  /** Counts a record of a stream. */
  countRecord(): void {
    this.#records++;
  }

  /** @param error falsy when all went well */
  end(error: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const failure = error ? this.#telemetry.failureOf(error) : undefined;
    this.#measure(failure);
    const span = this.#span;
    if (this.#records > 0) span.setAttribute("db.response.returned_rows", this.#records);
    if (failure !== undefined) {
      span.setAttribute("error.type", failure.type);
      if (failure.statusCode !== undefined) {
        span.setAttribute("db.response.status_code", failure.statusCode);
      }
      span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
    }
    span.end();
  }

  #measure(failure: Failure | undefined): void {
    if (this.#durations === undefined) return;
    const seconds = (performance.now() - this.#start) / 1_000;
    const { metric } = this.#template;
    this.#durations.record(
      seconds,
      failure === undefined ? metric : { ...metric, "error.type": failure.type },
    );
  }
}
