import {
  type Context,
  context,
  type Histogram,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from "@opentelemetry/api";
import type { Command } from "./client.ts";
import { type Description, describe } from "./description.ts";
import type { Failure } from "./failure.ts";
import type { Kind } from "./operation.ts";

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

const ANSWERED = Promise.resolve();

/**
 * An operation from its start to its `end`, which is the first that counts.
 *
 * To make a span and to record a duration takes longer than all else that is added to an operation. So it only notes when it
 * was called, and where: the span is made by `begin`, when the request is on its way, and the duration is recorded by `measure`,
 * when the caller has its answer.
 */
export class RunningOperation {
  readonly #command: Command;
  readonly #kind: Kind;
  readonly #telemetry: Telemetry;
  /** Those of the start: an end without a start would measure nonsense. */
  readonly #durations: Histogram | undefined;
  readonly #context: Context = context.active();
  readonly #start = performance.now();
  #span: Span | undefined;
  #description: Description | undefined;
  #records = 0;
  #end: number | undefined;
  #failure: Failure | undefined;
  #isMeasured = false;

  constructor(command: Command, kind: Kind, telemetry: Telemetry) {
    this.#command = command;
    this.#kind = kind;
    this.#telemetry = telemetry;
    this.#durations = telemetry.durations;
  }

  /** Makes the span, as of the start; the first call counts. */
  begin(): Span {
    if (this.#span !== undefined) return this.#span;
    const { template, batchSize } = this.#describe();
    const { name, attributes } = template;
    const options = { kind: SpanKind.CLIENT, attributes, startTime: this.#start };
    const span = this.#telemetry.tracer.startSpan(name, options, this.#context);
    // To the conventions a batch begins at two keys.
    if (batchSize !== undefined && batchSize > 1) span.setAttribute("db.operation.batch.size", batchSize);
    this.#span = span;
    return span;
  }

  /** Counts a record of a stream. */
  countRecord(): void {
    this.#records++;
  }

  /** @param error falsy when all went well */
  end(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = performance.now();
    const span = this.begin();
    if (this.#records > 0) span.setAttribute("db.response.returned_rows", this.#records);
    if (error) this.#fail(span, this.#telemetry.failureOf(error));
    span.end(this.#end);
  }

  /**
   * Records the duration, if the operation has ended, after what waits for its promise has gone on: labels are sorted and written
   * out for each value, which takes twice as long as the span.
   */
  measure(): void {
    if (this.#end === undefined || this.#durations === undefined || this.#isMeasured) return;
    this.#isMeasured = true;
    void ANSWERED.then(() => this.#record());
  }

  #describe(): Description {
    this.#description ??= describe(this.#command, this.#kind, this.#telemetry.stepNameOf);
    return this.#description;
  }

  #fail(span: Span, failure: Failure): void {
    this.#failure = failure;
    span.setAttribute("error.type", failure.type);
    if (failure.statusCode !== undefined) span.setAttribute("db.response.status_code", failure.statusCode);
    span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
  }

  #record(): void {
    const { metric } = this.#describe().template;
    const labels = this.#failure === undefined ? metric : { ...metric, "error.type": this.#failure.type };
    this.#durations?.record((this.#end! - this.#start) / 1_000, labels, this.#context);
  }
}
