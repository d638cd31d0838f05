import { type Draft, newDraft } from "../../formats/format.ts";
import { draftOfObject, isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import type { Clock } from "../../formats/time/clock.ts";
import { epochTime } from "../../formats/time/epoch.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { addFlat, textOf } from "../flatten.ts";
import { parseElement } from "../json-lists.ts";
import { jsonValues } from "../json-values.ts";
import { draftOfPairs, mergeDraft, setProtocolTime } from "../merge-draft.ts";
import { textLines } from "../text-lines.ts";
import { TextReader } from "../text-reader.ts";
import type { HecWord } from "./answer.ts";

/** Names under which the collector of OpenTelemetry keeps what Splunk has and OpenTelemetry hasn't. */
const ATTRIBUTES_OF_META = [
  ["source", "com.splunk.source"],
  ["sourcetype", "com.splunk.sourcetype"],
  ["index", "com.splunk.index"],
] as const;

/** What an event may hold beside its text; anything else is kept under its own name. */
const ENVELOPE: ReadonlySet<string> = new Set([
  "time",
  "host",
  "event",
  "fields",
  ...ATTRIBUTES_OF_META.map(([name]) => name),
]);

/** What Splunk's loggers logged, within an event. */
const LOGGED: ReadonlySet<string> = new Set(["message"]);

/** The first event of a request that could not be read. */
export interface BadEvent {
  /** From 0, as HEC counts. */
  readonly number: number;
  readonly word: HecWord;
}

/** Meta fields that a request gives for its events in the query. */
export type Meta = Readonly<Record<string, string>>;

/** What comes to the collector; results in the first event that could not be read. */
export function* decodeCollected(
  body: Buffer,
  { now, meta, kind }: { readonly now: bigint; readonly meta: Meta; readonly kind: "events" | "raw" },
): DecodedRecords<BadEvent | undefined> {
  const decoder = new HecDecoder(now, meta);
  yield* decoder[kind](body);
  return decoder.firstBad;
}

/**
 * Decodes the events of `/services/collector/event` and the texts of `/services/collector/raw`.
 *
 * @example
 * const decoder = new HecDecoder(context.now(), { index: "main" });
 * for (const record of decoder.events(body)) records.push(record);
 */
export class HecDecoder {
  readonly #now: bigint;
  readonly #clock: Clock;
  readonly #meta: Meta;
  readonly #texts: TextReader;
  readonly #builder = new RecordBuilder();
  #count = 0;
  #bad: BadEvent | undefined;

  /** @param now nanoseconds since 1970 */
  constructor(now: bigint, meta: Meta = {}) {
    this.#now = now;
    this.#clock = { zone: UTC, reference: Number(now / 1_000_000n) };
    this.#meta = meta;
    this.#texts = new TextReader(now);
  }

  /** Events seen so far. */
  get count(): number {
    return this.#count;
  }

  get firstBad(): BadEvent | undefined {
    return this.#bad;
  }

  /** JSON objects, one behind the other with anything or nothing between. */
  *events(body: Buffer): DecodedRecords {
    // Of events in a batch, those without a time have that of the one before them.
    let time: bigint | undefined;
    for (const value of jsonValues(body)) {
      if (value === undefined) {
        yield undefined;
        continue;
      }
      const envelope = parseElement(value);
      const word = faultOf(envelope);
      if (word !== undefined) {
        this.#bad ??= { number: this.#count, word };
        this.#count++;
        yield null;
        continue;
      }
      this.#count++;
      time = timeOf(envelope!.time) ?? time;
      const draft = this.#read(envelope!);
      setProtocolTime(draft, time);
      yield this.#builder.build(draft, this.#now, this.#now);
    }
  }

  /** Lines, one event each. */
  *raw(body: Buffer): DecodedRecords {
    const around = newDraft();
    this.#readMeta(around, this.#meta);
    const time = timeOf(this.#meta.time);
    for (const line of textLines(body)) {
      this.#count++;
      const draft = this.#texts.readLine(line);
      mergeDraft(draft, around, "com.splunk");
      setProtocolTime(draft, time);
      yield this.#builder.build(draft, this.#now, this.#now);
    }
  }

  #read(envelope: JsonObject): Draft {
    const { event, fields } = envelope;
    const draft = this.#readEvent(event);
    const indexed: string[] = [];
    addFlat(indexed, "", fields);
    const around = indexed.length === 0 ? newDraft() : draftOfPairs(indexed, this.#clock);
    this.#readMeta(around, envelope);
    mergeDraft(draft, around, "com.splunk");
    return draft;
  }

  #readEvent(event: unknown): Draft {
    if (!isJsonObject(event)) return this.#texts.read(textOf(event));
    const { message } = event;
    // Docker's driver puts a container's line so, beside its tag.
    if (event.line !== undefined && "source" in event && "tag" in event) return this.#readDocker(event);
    // Splunk's loggers put an object that was logged so, beside its severity.
    if (isJsonObject(message)) {
      const draft = this.#readObject(message);
      mergeDraft(draft, draftOfObject(event, this.#clock, "", LOGGED), "event");
      return draft;
    }
    return this.#readObject(event);
  }

  #readObject(object: JsonObject): Draft {
    const draft = draftOfObject(object, this.#clock, "");
    if (draft.body === "") draft.body = textOf(object);
    return draft;
  }

  #readDocker({ line, source, tag, ...more }: JsonObject): Draft {
    const draft = isJsonObject(line) ? this.#readObject(line) : this.#texts.read(textOf(line));
    addFlat(draft.attributes, "log.iostream", source);
    addFlat(draft.attributes, "docker.tag", tag);
    addFlat(draft.attributes, "", more);
    return draft;
  }

  #readMeta(draft: Draft, meta: JsonObject): void {
    const host = meta.host ?? this.#meta.host;
    if (typeof host === "string") draft.host = host;
    for (const [name, attribute] of ATTRIBUTES_OF_META) {
      addFlat(draft.attributes, attribute, meta[name] ?? this.#meta[name]);
    }
    for (const name of Object.keys(meta)) {
      if (!ENVELOPE.has(name)) addFlat(draft.attributes, name, meta[name]);
    }
  }
}

/** What is wrong with an event. */
function faultOf(envelope: JsonObject | undefined): HecWord | undefined {
  if (envelope === undefined) return "invalidFormat";
  const { event, fields } = envelope;
  if (event === undefined || event === null) return "eventRequired";
  if (event === "") return "eventBlank";
  if (fields !== undefined && fields !== null && !isJsonObject(fields)) return "fieldsInvalid";
  return undefined;
}

/** Seconds since 1970 with a fraction, as number or text. */
function timeOf(value: unknown): bigint | undefined {
  return typeof value === "string" || typeof value === "number" ? epochTime(value) : undefined;
}
