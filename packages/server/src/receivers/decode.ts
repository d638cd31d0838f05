import type { Decoding } from "../decoding/threads.ts";
import type { Records } from "../record/encoded-records.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";
import type { Decoded, DecodedRecords } from "./decoded-records.ts";
import { DECODERS, type DecoderName, type ParametersOf, type ResultOf } from "./decoders.ts";

/** A decoder by its name, with what it has to know: it may run on another thread. */
interface Named<Result> {
  readonly name: DecoderName;
  readonly parameters: unknown;
  readonly decode: (body: Buffer) => DecodedRecords<Result>;
}

/** What makes records of a body: a function, for what only the main thread knows, or one that may run on another. */
export type Decode<Result> = Named<Result> | ((body: Buffer) => DecodedRecords<Result>);

/**
 * A decoder of {@link DECODERS}.
 *
 * @example
 * await take(request, named("text", { now: context.now(), zone: "UTC", defaults: {} }));
 */
export function named<Name extends DecoderName>(
  name: Name,
  parameters: ParametersOf<Name>,
): Named<ResultOf<Name>> {
  const decoder = DECODERS[name] as (
    body: Buffer,
    parameters: ParametersOf<Name>,
  ) => DecodedRecords<ResultOf<Name>>;
  return { name, parameters, decode: (body) => decoder(body, parameters) };
}

/** The records of a request, whether or not they are encoded already. */
export interface DecodedRequest<Result> extends Omit<Decoded<Result>, "logs" | "spans"> {
  readonly logs: Records<LogRecord>;
  readonly spans: Records<SpanRecord>;
}

/** A body and whose it is. */
export interface DecodeJob {
  /** Not to be used any more when it is decoded elsewhere. */
  readonly body: Buffer;
  /** That decoding takes. */
  readonly bytes: number;
  /** The receiver's name. */
  readonly receiver: string;
  /** Its address: senders take turns. */
  readonly sender: string;
}

export function decodeHere<Result>(decode: Decode<Result>, body: Buffer): DecodedRecords<Result> {
  return typeof decode === "function" ? decode(body) : decode.decode(body);
}

/** On another thread; undefined where there is none, or the way there is not worth it. */
export function decodeElsewhere<Result>(
  decoding: Decoding | undefined,
  decode: Decode<Result>,
  { body, bytes, receiver, sender }: DecodeJob,
): Promise<DecodedRequest<Result>> | undefined {
  if (decoding === undefined || typeof decode === "function" || bytes < decoding.heavyBytes) return undefined;
  const { name, parameters } = decode;
  return decoding
    .body({ decoder: name, parameters, receiver }, body, bytes, sender)
    .then(({ logs = [], spans = [], rejected, result }) => ({
      logs,
      spans,
      rejected,
      result: result as Result,
    }));
}
