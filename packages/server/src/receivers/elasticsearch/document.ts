import type { Draft } from "../../formats/format.ts";
import { draftOfObject, isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import type { Clock } from "../../formats/time/clock.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { Attributes, LogRecord } from "../../record/record.ts";
import { mergeDraft, setProtocolTime } from "../merge-draft.ts";
import { TextReader } from "../text-reader.ts";

/** Hot path. Makes records of the documents of one request. */
export class DocumentReader {
  readonly #now: bigint;
  readonly #clock: Clock;
  readonly #texts: TextReader;
  readonly #builder = new RecordBuilder();

  /** @param now nanoseconds since 1970 */
  constructor(now: bigint) {
    this.#now = now;
    this.#clock = { zone: UTC, reference: Number(now / 1_000_000n) };
    this.#texts = new TextReader(now);
  }

  /**
   * @param text the document's JSON, which is the record's text where it has no message
   * @param meta what the action tells of it, as attributes
   */
  read(document: JsonObject, text: string, meta: Attributes): LogRecord {
    let draft = draftOfObject(document, this.#clock, text);
    if (draft.severityNumber === 0 && isRawLine(document)) draft = this.#readLine(draft);
    for (const part of meta) draft.attributes.push(part);
    return this.#builder.build(draft, this.#now, this.#now);
  }

  /** A line that a shipper took from a file or a container says more than the shipper could tell. */
  #readLine(shipped: Draft): Draft {
    const draft = this.#texts.read(shipped.body);
    mergeDraft(draft, shipped, "shipper");
    setProtocolTime(draft, draft.timestamp === undefined ? shipped.timestamp : undefined);
    return draft;
  }
}

/** True when the message is a line as it stands in a file (Filebeat) or a container's output (Fluent Bit). */
function isRawLine({ log, stream, "log.file.path": path }: JsonObject): boolean {
  return (
    typeof log === "string" ||
    path !== undefined ||
    typeof stream === "string" ||
    (isJsonObject(log) && log.file !== undefined)
  );
}
