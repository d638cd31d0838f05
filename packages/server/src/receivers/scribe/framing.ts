import { PolylogError } from "../../errors.ts";
import { type Call, CallReader, MAX_CALL_BYTES } from "./calls.ts";
import { malformed } from "./thrift.ts";

/** A call and how it came; its reply goes back the same way. */
export interface FramedCall {
  readonly call: Call;
  readonly isFramed: boolean;
}

/** Bytes that show whether a call stands in a frame. */
const HEAD = 5;

/**
 * Tells calls in frames (Scribe's own way) from calls without, by their first bytes: behind a frame's length comes
 * the head of a call (`80 01`, or the length of a short name), behind the length of a name its letters.
 *
 * Source: Apache Thrift, "Thrift Remote Procedure Call", "Framed vs. unframed transport".
 */
export class CallFraming {
  readonly #calls = new CallReader();
  /** Undefined between two calls. */
  #isFramed: boolean | undefined;

  /** Bytes of what was read of a call that is not complete. */
  get heldBytes(): number {
    return this.#calls.heldBytes;
  }

  /** Reads on at `at`; without a call more bytes are needed. */
  read(bytes: Buffer, at: number): { readonly end: number; readonly framed?: FramedCall } {
    if (this.#isFramed === undefined) {
      if (bytes.length - at < HEAD) return { end: at };
      this.#isFramed = bytes[at] !== 0x80 && (bytes[at + 4] === 0x80 || bytes[at + 4] === 0);
    }
    return this.#isFramed ? this.#readFrame(bytes, at) : this.#readOn(bytes, at);
  }

  #readFrame(bytes: Buffer, at: number): { readonly end: number; readonly framed?: FramedCall } {
    const length = bytes.readUInt32BE(at);
    if (length > MAX_CALL_BYTES) {
      throw new PolylogError(
        "POLYLOG_E_TOO_LARGE",
        `A frame of ${length} bytes; ${MAX_CALL_BYTES} are taken.`,
      );
    }
    const start = at + 4;
    if (bytes.length - start < length) return { end: at };
    const { end, call } = this.#calls.read(bytes.subarray(start, start + length), 0);
    if (call === undefined || end !== length) throw malformed("a frame that isn't one call");
    this.#isFramed = undefined;
    return { end: start + length, framed: { call, isFramed: true } };
  }

  #readOn(bytes: Buffer, at: number): { readonly end: number; readonly framed?: FramedCall } {
    const { end, call } = this.#calls.read(bytes, at);
    if (call === undefined) return { end };
    this.#isFramed = undefined;
    return { end, framed: { call, isFramed: false } };
  }
}
