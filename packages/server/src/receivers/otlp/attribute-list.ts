import type { Attributes } from "../../record/record.ts";
import { MAX_ATTRIBUTES } from "./limits.ts";

const NONE: Attributes = [];

/** Hot path. Attributes while they are decoded: flat pairs, at most {@link MAX_ATTRIBUTES} of them. */
export class AttributeList {
  readonly #pairs: string[] = [];
  #cut = 0;

  /** Adds a pair, or counts it when the list is full or the name is empty (which OpenTelemetry forbids). */
  push(key: string, value: string): void {
    if (key === "" || this.#pairs.length >= 2 * MAX_ATTRIBUTES) this.#cut++;
    else this.#pairs.push(key, value);
  }

  /**
   * The pairs. What the sender dropped is told by `otel.dropped_attributes_count`, as OpenTelemetry's mapping
   * to other formats says; what was dropped here by `polylog.dropped_attributes`.
   */
  finish(droppedBySender = 0): Attributes {
    if (droppedBySender > 0) this.#pairs.push("otel.dropped_attributes_count", String(droppedBySender));
    if (this.#cut > 0) this.#pairs.push("polylog.dropped_attributes", String(this.#cut));
    return this.#pairs.length === 0 ? NONE : this.#pairs;
  }

  /** Adds a pair of our own, past the limit if need be. */
  note(key: string, value: string): void {
    this.#pairs.push(key, value);
  }
}
