import { DecodeError, Decoder, ExtensionCodec } from "@msgpack/msgpack";
import { PolylogError } from "../../errors.ts";

/** A time of Fluent's own, in nanoseconds since 1970. Source: Forward protocol v1, "EventTime Ext Format". */
export class EventTime {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

const EVENT_TIME = 0;
/** Elements of one list or map within a record: the decoder makes room for them before it has seen them. */
const MAX_ELEMENTS = 1 << 20;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: EVENT_TIME,
  encode: () => null,
  decode(data) {
    if (data.length !== 8) throw new DecodeError(`an EventTime of ${data.length} bytes`);
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    return new EventTime(BigInt(view.getUint32(0)) * 1_000_000_000n + BigInt(view.getUint32(4)));
  },
});

const options = {
  extensionCodec,
  // Ids survive beyond 2^53.
  useBigInt64: true,
  maxArrayLength: MAX_ELEMENTS,
  maxMapLength: MAX_ELEMENTS,
  mapKeyConverter: (key: unknown) => (key instanceof Uint8Array ? Buffer.from(key).toString() : String(key)),
} as const;

const decoder = new Decoder(options);
const rawDecoder = new Decoder({ ...options, rawStrings: true });

/**
 * The one value that the bytes are.
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST` when they are none
 */
export function decodeValue(bytes: Uint8Array): unknown {
  return decodeWith(decoder, bytes);
}

/**
 * {@link decodeValue} with texts as bytes. Salts come as texts and aren't; and the decoder takes whatever comes for
 * UTF-8: of a text in another encoding it would swallow letters.
 */
export function decodeRaw(bytes: Uint8Array): unknown {
  return decodeWith(rawDecoder, bytes);
}

function decodeWith(from: Decoder, bytes: Uint8Array): unknown {
  try {
    return from.decode(bytes);
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

export function malformed(what: string, cause?: unknown): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `This is not Fluent's Forward protocol: ${what}.`, {
    cause,
    remedy: "Send messages of the Forward protocol v1.",
  });
}
