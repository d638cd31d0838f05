import { decodeDatadog } from "./datadog/decoder.ts";
import type { DecodedRecords } from "./decoded-records.ts";
import { decodeBulk } from "./elasticsearch/bulk.ts";
import { decodeGelfBody } from "./gelf/body.ts";
import { decodeBulk as decodeLogglyBulk } from "./loggly/decoder.ts";
import { decodePush } from "./loki/push.ts";
import { decodeOtlp } from "./otlp/signals.ts";
import { decodeLines as decodePapertrailLines } from "./papertrail/lines.ts";
import { decodeEntries } from "./raygun/entries.ts";
import { decodeLines as decodeScalyrLines } from "./scalyr/lines.ts";
import { decodeCollected } from "./splunk/decoder.ts";
import { decodeText } from "./text/decoder.ts";
import { decodeSpans } from "./zipkin/decoder.ts";

/**
 * Decoders of whole bodies, one line each. They may run on another thread: what one has to know beside the body, and what
 * it results in, is what can be sent there and back.
 */
export const DECODERS = {
  datadog: decodeDatadog,
  elasticsearch: decodeBulk,
  gelf: decodeGelfBody,
  loggly: decodeLogglyBulk,
  loki: decodePush,
  otlp: decodeOtlp,
  papertrail: decodePapertrailLines,
  raygun: decodeEntries,
  scalyr: decodeScalyrLines,
  splunk: decodeCollected,
  text: decodeText,
  zipkin: decodeSpans,
} satisfies Readonly<Record<string, (body: Buffer, parameters: never) => DecodedRecords<unknown>>>;

export type DecoderName = keyof typeof DECODERS;

/** What a decoder has to know beside the body. */
export type ParametersOf<Name extends DecoderName> = Parameters<(typeof DECODERS)[Name]>[1];

/** What it has for the answer beside the records. */
export type ResultOf<Name extends DecoderName> =
  ReturnType<(typeof DECODERS)[Name]> extends DecodedRecords<infer Result> ? Result : never;
