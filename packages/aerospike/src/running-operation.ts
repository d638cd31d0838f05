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
import { describe } from "./description.ts";
import type { Failure } from "./failure.ts";
import type { Kind } from "./operation.ts";
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

/**
 * An operation from its start to its `end`, which is the first that counts.
 *
 * To make a span takes longer than all else that is added to an operation. So it only notes when it was called, and where: the
 * span is made by `begin`, when the request is on its way.
 */
export class RunningOperation {
  readonly #command: Command;
  readonly #kind: Kind;
  readonly #telemetry: Telemetry;
  /** Those of the start: an end without a start would measure nonsense. */
  readonly #durations: Histogram | undefined;
  readonly #context: Context = context.active();
  readonly #start = performance.now();
  #begun: { readonly span: Span; readonly template: Template } | undefined;
  #records = 0;
  #isEnded = false;

  constructor(command: Command, kind: Kind, telemetry: Telemetry) {
    this.#command = command;
    this.#kind = kind;
    this.#telemetry = telemetry;
    this.#durations = telemetry.durations;
  }

  /** Makes the span, as of the start; the first call counts. */
  begin(): { readonly span: Span; readonly template: Template } {
    if (this.#begun !== undefined) return this.#begun;
    const { template, batchSize } = describe(this.#command, this.#kind, this.#telemetry.stepNameOf);
    const { name, attributes } = template;
    // No spread of prepared options: with such an object a span took nearly twice as long.
    const options = { kind: SpanKind.CLIENT, attributes, startTime: this.#start };
    const span = this.#telemetry.tracer.startSpan(name, options, this.#context);
    // To the conventions a batch begins at two keys.
    if (batchSize !== undefined && batchSize > 1) span.setAttribute("db.operation.batch.size", batchSize);
    this.#begun = { span, template };
    return this.#begun;
  }

  /** Counts a record of a stream. */
  countRecord(): void {
    this.#records++;
  }

  /** @param error falsy when all went well */
  end(error: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const now = performance.now();
    const { span, template } = this.begin();
    const failure = error ? this.#telemetry.failureOf(error) : undefined;
    this.#measure(now, template, failure);
    if (this.#records > 0) span.setAttribute("db.response.returned_rows", this.#records);
    if (failure !== undefined) fail(span, failure);
    span.end(now);
  }

  #measure(now: number, { metric }: Template, failure: Failure | undefined): void {
    const labels = failure === undefined ? metric : { ...metric, "error.type": failure.type };
    this.#durations?.record((now - this.#start) / 1_000, labels, this.#context);
  }
}

function fail(span: Span, failure: Failure): void {
  span.setAttribute("error.type", failure.type);
  if (failure.statusCode !== undefined) span.setAttribute("db.response.status_code", failure.statusCode);
  span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
}
