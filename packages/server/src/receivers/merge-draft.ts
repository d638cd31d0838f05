import type { Draft } from "../formats/format.ts";
import { FieldReader } from "../formats/json/fields.ts";
import type { Clock } from "../formats/time/clock.ts";
import { UTC } from "../formats/time/zone.ts";
import type { Attributes } from "../record/record.ts";

/** Nanoseconds by which two tellings of one time may differ: senders round to milliseconds. */
const SAME_TIME = 1_000_000n;

/**
 * Gives a draft the time that the protocol tells, `undefined` when it tells none. A time that the text shows
 * itself, when it is another, stays as `log.line_time` (ISO 8601).
 */
export function setProtocolTime(draft: Draft, time: bigint | undefined): void {
  if (time === undefined) return;
  const own = draft.timestamp;
  draft.timestamp = time;
  if (own === undefined) return;
  const difference = own > time ? own - time : time - own;
  if (difference >= SAME_TIME) draft.attributes.push("log.line_time", isoOf(own));
}

/** One for all: nothing is read in between. */
const READER = new FieldReader({ zone: UTC, reference: 0 });

/**
 * What labels, tags or fields around a text say: a level, a service, a host, a trace have their places, the others
 * are attributes.
 *
 * @example
 * draftOfPairs(["level", "warn", "region", "eu"], clock).severityNumber; // 13
 */
export function draftOfPairs(pairs: Attributes, clock: Clock): Draft {
  READER.begin(clock);
  for (let i = 0; i + 1 < pairs.length; i += 2) READER.add(pairs[i]!, pairs[i + 1]!);
  const draft = READER.finish();
  bodyToAttribute(draft);
  if (draft.timestamp !== undefined) draft.attributes.push("time", isoOf(draft.timestamp));
  draft.timestamp = undefined;
  return draft;
}

/** Keeps what a draft has for a body as `message`: it stands around a text, which is the body. */
export function bodyToAttribute(draft: Draft): void {
  const { attributes, body } = draft;
  draft.body = "";
  if (body === "") return;
  // A draft without a message has its exception's for a body.
  const isException = attributes.some(
    (text, i) => text === "exception.message" && attributes[i + 1] === body,
  );
  if (!isException) attributes.push("message", body);
}

/**
 * Hot path. Adds what a protocol tells around a text (labels, tags, an envelope) to what the text says itself.
 *
 * A part or an attribute that both tell is the text's, and the other is kept behind the prefix, such as
 * `loki.service.name`; except for the severity, which a text often only seems to show: there the text's is kept as `log.line_level`.
 *
 * @example
 * mergeDraft(draft, labels, "loki");
 */
export function mergeDraft(draft: Draft, around: Draft, prefix: string): void {
  const { attributes } = draft;
  // One by one: a loop over their names costs eight times as much.
  draft.service = eitherOf(draft.service, around.service, "service.name", attributes, prefix);
  draft.host = eitherOf(draft.host, around.host, "host.name", attributes, prefix);
  draft.logger = eitherOf(draft.logger, around.logger, "logger", attributes, prefix);
  draft.runtime = eitherOf(draft.runtime, around.runtime, "runtime", attributes, prefix);
  draft.traceId = eitherOf(draft.traceId, around.traceId, "trace_id", attributes, prefix);
  draft.spanId = eitherOf(draft.spanId, around.spanId, "span_id", attributes, prefix);
  draft.eventName = eitherOf(draft.eventName, around.eventName, "event.name", attributes, prefix);
  if (around.traceFlags > 0) draft.traceFlags ||= around.traceFlags;
  if (around.severityNumber > 0) {
    if (draft.severityNumber > 0 && draft.severityNumber !== around.severityNumber) {
      attributes.push("log.line_level", draft.severityText);
    }
    draft.severityNumber = around.severityNumber;
    draft.severityText = around.severityText;
  }
  addPairs(attributes, around.attributes, prefix);
  for (const text of around.resource) draft.resource.push(text);
}

/** The text's own part, or the one around it, which is kept beside it where both are told and differ. */
function eitherOf(own: string, around: string, name: string, attributes: string[], prefix: string): string {
  if (around === "" || own === around) return own;
  if (own === "") return around;
  attributes.push(`${prefix}.${name}`, around);
  return own;
}

/** From so many comparisons on, an index is quicker. */
const MANY = 1024;

/** Adds pairs; one whose name is taken for another value keeps its own behind the prefix. */
function addPairs(pairs: string[], added: Attributes, prefix: string): void {
  const own = pairs.length;
  const index = own * added.length > MANY ? indexOf(pairs) : undefined;
  for (let i = 0; i + 1 < added.length; i += 2) {
    const name = added[i]!;
    const value = added[i + 1]!;
    const known = index === undefined ? find(pairs, own, name) : index.get(name);
    if (known === undefined) pairs.push(name, value);
    else if (known !== value) pairs.push(`${prefix}.${name}`, value);
  }
}

function indexOf(pairs: Attributes): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  for (let i = 0; i + 1 < pairs.length; i += 2) index.set(pairs[i]!, pairs[i + 1]!);
  return index;
}

/** The value of a name among the first `length` texts. */
function find(pairs: Attributes, length: number, name: string): string | undefined {
  for (let i = 0; i < length; i += 2) if (pairs[i] === name) return pairs[i + 1];
  return undefined;
}

function isoOf(nanoseconds: bigint): string {
  const date = new Date(Number(nanoseconds / 1_000_000n));
  return Number.isNaN(date.getTime()) ? String(nanoseconds) : date.toISOString();
}
