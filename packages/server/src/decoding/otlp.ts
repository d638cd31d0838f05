import { PolylogError } from "../errors.ts";
import { RECEIVER, SIGNALS } from "../receivers/otlp/signals.ts";
import { type EncodedRecords, isEncoded, type Records } from "../record/encoded-records.ts";
import { ALL_STORED, type Intake, type Stored } from "../record/intake.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";
import type { Encoder } from "../store/encode/encoder.ts";
import { createLogEncoder } from "../store/encode/logs.ts";
import { createSpanEncoder } from "../store/encode/spans.ts";
import { encodeRecords } from "./encode-records.ts";
import type { OtlpAnswer, OtlpQuestion } from "./protocol.ts";

const logs = createLogEncoder();
const spans = createSpanEncoder();

/** Decodes a request and encodes its records. Rejects with what is wrong with it. */
export async function readOtlp({ path, encoding, bytes, now }: OtlpQuestion): Promise<OtlpAnswer> {
  const signal = SIGNALS.find(({ httpPath }) => httpPath === path);
  if (signal === undefined) throw new PolylogError("POLYLOG_E_INTERNAL", `There is no signal ${path}.`);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const batch = signal.decode[encoding](body, now);
  const { accepted, rejected, message } = batch;
  let encoded: EncodedRecords | undefined;
  const encode = <T extends LogRecord | SpanRecord>(encoder: Encoder<T>, records: Records<T>): Stored => {
    encoded = isEncoded(records) ? records : encodeRecords(encoder, records, RECEIVER, Date.now());
    return ALL_STORED;
  };
  const intake: Intake = {
    writeLogs: async (records) => encode(logs, records),
    writeSpans: async (records) => encode(spans, records),
  };
  await batch.commit(intake, bytes.length);
  return { accepted, rejected, message, records: encoded };
}
