import type { Draft } from "../../formats/format.ts";
import { draftOfObject, type JsonObject } from "../../formats/json/json.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import type { Clock } from "../../formats/time/clock.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { LogRecord } from "../../record/record.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { addFlat } from "../flatten.ts";
import { parseElement } from "../json-lists.ts";
import { jsonValues } from "../json-values.ts";
import { bodyToAttribute, draftOfPairs, mergeDraft, setProtocolTime } from "../merge-draft.ts";
import { textLines } from "../text-lines.ts";
import { TextReader } from "../text-reader.ts";
import { parseTags } from "./tags.ts";

/** The fields of a log that are read by their names. */
const OWN_FIELDS: ReadonlySet<string> = new Set(["message", "ddtags", "ddsource"]);

/** Texts of tags that are kept at hand. */
const MAX_TAGS = 256;

/** What the query of a request says of all its logs. */
export interface QueryFields {
  readonly ddsource?: string | undefined;
  readonly ddtags?: string | undefined;
  readonly hostname?: string | undefined;
  readonly service?: string | undefined;
}

/** How a request is to be read. */
interface DatadogForm {
  /** Nanoseconds since 1970. */
  readonly now: bigint;
  readonly query: QueryFields;
  /** Lines, or JSON. */
  readonly isText: boolean;
}

/** The logs of a request. */
export function decodeDatadog(body: Buffer, { now, query, isText }: DatadogForm): DecodedRecords {
  const decoder = new DatadogDecoder(now, query);
  return isText ? decoder.lines(body) : decoder.json(body);
}

/**
 * Decodes the logs of one request: JSON objects, one, a list, or one behind the other; or lines.
 *
 * @example
 * for (const record of new DatadogDecoder(context.now(), {}).json(body)) records.push(record);
 */
export class DatadogDecoder {
  readonly #now: bigint;
  readonly #clock: Clock;
  readonly #texts: TextReader;
  readonly #builder = new RecordBuilder();
  readonly #tags = new Map<string, Draft>();
  readonly #query: Draft;
  readonly #hasQuery: boolean;

  /** @param now nanoseconds since 1970 */
  constructor(now: bigint, query: QueryFields) {
    this.#now = now;
    this.#clock = { zone: UTC, reference: Number(now / 1_000_000n) };
    this.#texts = new TextReader(now);
    this.#query = this.#around({ ...query });
    this.#hasQuery = Object.values(query).some((value) => value !== undefined);
  }

  *json(body: Buffer): DecodedRecords {
    for (const value of jsonValues(body)) {
      if (value === undefined) yield undefined;
      else {
        const log = parseElement(value);
        if (log === undefined) yield null;
        // Clients keep their connection alive so.
        else if (Object.keys(log).length > 0) yield this.#read(log, value);
      }
    }
  }

  *lines(body: Buffer): DecodedRecords {
    for (const line of textLines(body)) {
      const draft = this.#texts.readLine(line);
      mergeDraft(draft, this.#query, "datadog");
      yield this.#builder.build(draft, this.#now, this.#now);
    }
  }

  #read(log: JsonObject, json: Buffer): LogRecord {
    const { message } = log;
    const around = this.#around(log);
    if (this.#hasQuery) mergeDraft(around, this.#query, "datadog.request");
    let draft: Draft;
    if (typeof message === "string") draft = this.#texts.read(message);
    else {
      draft = draftOfObject({ message }, this.#clock, "");
      if (draft.body === "") draft.body = json.toString("utf8");
    }
    mergeDraft(draft, around, "datadog");
    setProtocolTime(draft, around.timestamp);
    return this.#builder.build(draft, this.#now, this.#now);
  }

  /** What stands around a message: the log's own fields before its tags. */
  #around(fields: JsonObject): Draft {
    const { ddtags, ddsource } = fields;
    const draft = draftOfObject(fields, this.#clock, "", OWN_FIELDS);
    bodyToAttribute(draft);
    addFlat(draft.attributes, "ddsource", ddsource);
    if (typeof ddtags === "string") mergeDraft(draft, this.#tagsOf(ddtags), "ddtags");
    else addFlat(draft.attributes, "ddtags", ddtags);
    return draft;
  }

  /** Logs of one request mostly have the same tags. */
  #tagsOf(text: string): Draft {
    let draft = this.#tags.get(text);
    if (draft === undefined) {
      draft = draftOfPairs(parseTags(text), this.#clock);
      if (this.#tags.size >= MAX_TAGS) this.#tags.clear();
      this.#tags.set(text, draft);
    }
    return draft;
  }
}
