import type { LogRecord, Resource, Scope } from "../../record/record.ts";
import { severityOfWord } from "../../record/severity.ts";
import { AttributeList } from "./attribute-list.ts";
import { Complaints } from "./decoded.ts";
import type { Draft } from "./draft.ts";
import { spanIdOrNone, traceIdOrNone } from "./ids.ts";
import { timeOrNone } from "./times.ts";

/** OpenTelemetry's short names of the severity numbers 1 to 24. */
export const SEVERITY_NAMES = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].flatMap((name) => [
  name,
  `${name}2`,
  `${name}3`,
  `${name}4`,
]);

/** Hot path. A log record as a request has it; the same for protobuf and JSON. */
export class LogDraft implements Draft<LogRecord> {
  readonly complaints = new Complaints("log record");
  time = 0n;
  observedTime = 0n;
  severityNumber = 0;
  severityText = "";
  body = "";
  eventName = "";
  traceId = "";
  spanId = "";
  flags = 0;
  attributes = new AttributeList();
  droppedAttributes = 0;

  readonly #now: bigint;

  /** @param now nanoseconds since 1970; the time of records that have none */
  constructor(now: bigint) {
    this.#now = now;
  }

  /** Forgets the record before. */
  begin(): void {
    this.time = 0n;
    this.observedTime = 0n;
    this.severityNumber = 0;
    this.severityText = "";
    this.body = "";
    this.eventName = "";
    this.traceId = "";
    this.spanId = "";
    this.flags = 0;
    this.attributes = new AttributeList();
    this.droppedAttributes = 0;
  }

  /**
   * The record: without a time it has the observed one, without that it is observed now. A severity that is
   * only a number or only a word gets the other.
   */
  finish(resource: Resource, scope: Scope): LogRecord {
    const { attributes } = this;
    const observed = timeOrNone(this.observedTime, attributes, this.complaints) || this.#now;
    const isNumbered = this.severityNumber >= 1 && this.severityNumber <= 24;
    const severityNumber = isNumbered ? this.severityNumber : severityOfWord(this.severityText);
    return {
      timestamp: timeOrNone(this.time, attributes, this.complaints) || observed,
      observedTimestamp: observed,
      severityNumber,
      severityText: this.severityText || (SEVERITY_NAMES[severityNumber - 1] ?? ""),
      body: this.body,
      eventName: this.eventName,
      traceId: traceIdOrNone(this.traceId, attributes, this.complaints),
      spanId: spanIdOrNone("span_id", this.spanId, attributes, this.complaints),
      traceFlags: this.flags & 0xff,
      resource,
      scope,
      attributes: attributes.finish(this.droppedAttributes),
    };
  }
}
