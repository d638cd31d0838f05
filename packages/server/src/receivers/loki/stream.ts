import { PolylogError } from "../../errors.ts";
import { type Draft, newDraft } from "../../formats/format.ts";
import { RecordBuilder, type RecordDefaults } from "../../formats/record-builder.ts";
import type { Clock } from "../../formats/time/clock.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { Attributes, LogRecord } from "../../record/record.ts";
import { draftOfPairs, mergeDraft, setProtocolTime } from "../merge-draft.ts";
import { TextReader } from "../text-reader.ts";
import { parseLabels } from "./labels.ts";

/** Labels that name a service, in Loki's own order, where none of our names does. Source: Loki, `discover_service_name`. */
const SERVICE_LABELS = [
  "app",
  "application",
  "app_kubernetes_io_name",
  "container",
  "container_name",
  "component",
  "workload",
  "job",
];
/** Where Loki puts the level that it found. */
const DETECTED_LEVEL = "detected_level";
/** Streams of one request whose labels are kept at hand. */
const MAX_STREAMS = 1000;
/** Characters of a stream's labels. Loki itself allows 15 of them, 2 KiB each. */
const MAX_LABELS = 64 << 10;
/** What labels may come to, repeated for each entry: so many times the request, and this much. */
const LABELS_PER_BYTE = 16;
const LABELS_AT_LEAST = 32 << 20;

/** What is common to the entries of a stream. */
export interface Stream {
  readonly labels: Draft;
  /** Lines of one stream mostly have one format. */
  readonly texts: TextReader;
  /** Characters of the labels. */
  readonly size: number;
}

/** Makes records of the entries of one request. */
export class EntryReader {
  readonly #now: bigint;
  readonly #clock: Clock;
  readonly #builder: RecordBuilder;
  readonly #streams = new Map<string, Stream>();

  #labelsLeft: number;

  /**
   * @param now nanoseconds since 1970
   * @param requestBytes the request's size: a few bytes of it must not become a store's worth of labels
   * @param defaults what the request tells of all its entries
   */
  constructor(now: bigint, requestBytes: number, defaults: RecordDefaults) {
    this.#now = now;
    this.#builder = new RecordBuilder(defaults);
    this.#labelsLeft = LABELS_AT_LEAST + LABELS_PER_BYTE * requestBytes;
    this.#clock = { zone: UTC, reference: Number(now / 1_000_000n) };
  }

  /** The stream of labels as text, `{job="shop"}`; labels that can't be read are kept as they are. */
  streamOf(labels: string): Stream {
    return this.#stream(labels, () => parseLabels(labels) ?? ["loki.labels", labels]);
  }

  streamOfPairs(pairs: Attributes): Stream {
    return this.#stream(pairs.join("\0"), () => pairs);
  }

  #stream(key: string, pairsOf: () => Attributes): Stream {
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      if (key.length > MAX_LABELS) throw tooLarge(`The labels of a stream are longer than ${MAX_LABELS}`);
      stream = { labels: this.#readLabels(pairsOf()), texts: new TextReader(this.#now), size: key.length };
      if (this.#streams.size >= MAX_STREAMS) this.#streams.clear();
      this.#streams.set(key, stream);
    }
    return stream;
  }

  /**
   * @param time nanoseconds since 1970; `undefined` when the entry tells none
   * @throws PolylogError `POLYLOG_E_TOO_LARGE`
   */
  read(stream: Stream, time: bigint | undefined, line: string, metadata: Attributes): LogRecord {
    this.#labelsLeft -= stream.size;
    if (this.#labelsLeft < 0) throw tooLarge("The labels, repeated for each entry, dwarf the request");
    const draft = stream.texts.read(line);
    if (metadata.length === 0) mergeDraft(draft, stream.labels, "loki");
    else {
      const around = this.#readPairs(metadata);
      mergeDraft(around, stream.labels, "loki");
      mergeDraft(draft, around, "loki");
    }
    setProtocolTime(draft, time);
    return this.#builder.build(draft, this.#now, this.#now);
  }

  #readLabels(pairs: Attributes): Draft {
    const draft = pairs.length === 0 ? newDraft() : this.#readPairs(pairs);
    for (const name of SERVICE_LABELS) {
      if (draft.service !== "") break;
      draft.service = labelOf(pairs, name) ?? "";
    }
    return draft;
  }

  #readPairs(pairs: Attributes): Draft {
    const draft = draftOfPairs(pairs, this.#clock);
    if (draft.severityNumber > 0) return draft;
    const detected = labelOf(pairs, DETECTED_LEVEL);
    if (detected === undefined) return draft;
    const found = draftOfPairs(["level", detected], this.#clock);
    draft.severityNumber = found.severityNumber;
    draft.severityText = found.severityText;
    return draft;
  }
}

function labelOf(pairs: Attributes, name: string): string | undefined {
  for (let i = 0; i + 1 < pairs.length; i += 2) if (pairs[i] === name) return pairs[i + 1];
  return undefined;
}

function tooLarge(message: string): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", message, { remedy: "Send fewer or shorter labels." });
}
