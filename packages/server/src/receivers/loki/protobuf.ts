import type { RecordDefaults } from "../../formats/record-builder.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { fieldSet, ProtobufReader } from "../otlp/protobuf/reader.ts";
import { EntryReader, type Stream } from "./stream.ts";

/** Tags of `PushRequest`, `StreamAdapter`, `EntryAdapter`, `LabelPairAdapter` and `Timestamp`. Source: Loki, push.proto. */
const STREAMS = 0x0a;
const LABELS = 0x0a;
const ENTRIES = 0x12;
const TIMESTAMP = 0x0a;
const LINE = 0x12;
const METADATA = 0x1a;
const PARSED = 0x22;
const NAME = 0x0a;
const VALUE = 0x12;
const SECONDS = 0x08;
const NANOS = 0x10;

/** A time of 64 bits in nanoseconds, in seconds. */
const MAX_SECONDS = 9_223_372_036;

/**
 * Hot path. Decodes a push request in protobuf, straight to records.
 *
 * @param defaults what the request tells of all its entries
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST`
 */
export function* decodeProtobuf(bytes: Buffer, now: bigint, defaults: RecordDefaults = {}): DecodedRecords {
  const reader = new ProtobufReader(bytes);
  const entries = new EntryReader(now, bytes.length, defaults);
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag !== STREAMS) {
      reader.skip(tag, fieldSet(1));
      continue;
    }
    const outer = reader.enter();
    const stream = entries.streamOf(readLabels(reader));
    while (reader.hasMore()) {
      const inner = reader.readTag();
      if (inner !== ENTRIES) {
        reader.skip(inner, fieldSet(2));
        continue;
      }
      const around = reader.enter();
      const record = readEntry(reader, stream, entries);
      reader.leave(around);
      yield record;
    }
    reader.leave(outer);
  }
}

/** The labels of the stream at hand, wherever in it they stand; the reader stays at its beginning. */
function readLabels(reader: ProtobufReader): string {
  const { position, end } = reader;
  let labels = "{}";
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag !== LABELS) {
      reader.skip(tag, fieldSet(1));
      continue;
    }
    labels = reader.readText();
    break;
  }
  reader.seek(position, end);
  return labels;
}

function readEntry(reader: ProtobufReader, stream: Stream, entries: EntryReader) {
  let time: bigint | undefined;
  let line = "";
  const metadata: string[] = [];
  while (reader.hasMore()) {
    const tag = reader.readTag();
    switch (tag) {
      case TIMESTAMP: {
        const outer = reader.enter();
        time = readTime(reader);
        reader.leave(outer);
        break;
      }
      case LINE:
        line = reader.readText();
        break;
      case METADATA:
      case PARSED: {
        const outer = reader.enter();
        readPair(reader, metadata);
        reader.leave(outer);
        break;
      }
      default:
        reader.skip(tag, fieldSet(1, 2, 3, 4));
    }
  }
  return entries.read(stream, time, line, metadata);
}

/** `undefined` for a time that can't be one, such as one before 1970, which comes as a huge number. */
function readTime(reader: ProtobufReader): bigint | undefined {
  let seconds = 0;
  let nanos = 0;
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === SECONDS) seconds = reader.readUnsigned();
    else if (tag === NANOS) nanos = reader.readUnsigned();
    else reader.skip(tag, fieldSet(1, 2));
  }
  if (seconds === 0 || seconds > MAX_SECONDS || nanos >= 1e9) return undefined;
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

function readPair(reader: ProtobufReader, pairs: string[]): void {
  let name = "";
  let value = "";
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === NAME) name = reader.readText();
    else if (tag === VALUE) value = reader.readText();
    else reader.skip(tag, fieldSet(1, 2));
  }
  pairs.push(name, value);
}
