import { encodeRecords } from "../../decoding/encode-records.ts";
import type { LinesAnswer, LinesOpening, LinesPart } from "../../decoding/protocol.ts";
import type { LogRecord } from "../../record/record.ts";
import { createLogEncoder } from "../../store/encode/logs.ts";
import { JsonlDecoder } from "./decoder.ts";
import { isPartFull, SLICE_BYTES } from "./parts.ts";

/** A request of JSON lines on its thread, from one piece of its bytes to the next. */
export class LinesSession {
  readonly #decoder: JsonlDecoder;
  readonly #receiver: string;
  readonly #encoder = createLogEncoder();
  #bytes = Buffer.alloc(0);
  #at = 0;
  #records: LogRecord[] = [];
  /** Bytes that went into the next part. */
  #decoded = 0;

  constructor({ defaults, receiver, now }: LinesOpening) {
    this.#decoder = new JsonlDecoder(defaults, now);
    this.#receiver = receiver;
  }

  /** Decodes until a part is full, or there are no more bytes. */
  read(bytes: Uint8Array<ArrayBuffer> | undefined, isLast: boolean): LinesAnswer {
    if (bytes !== undefined) {
      this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#at = 0;
    }
    while (this.#at < this.#bytes.length) {
      const slice = this.#bytes.subarray(this.#at, this.#at + SLICE_BYTES);
      this.#at += slice.length;
      this.#decoded += slice.length;
      this.#decoder.push(slice);
      this.#take();
      if (isPartFull(this.#decoded, this.#records.length)) return this.#answer(this.#part(), false);
    }
    if (!isLast) return this.#answer(undefined, true);
    this.#decoder.end();
    this.#take();
    return this.#answer(this.#part(), true);
  }

  #take(): void {
    const decoded = this.#decoder.take();
    this.#records = this.#records.length === 0 ? decoded : this.#records.concat(decoded);
  }

  #part(): LinesPart {
    const records = encodeRecords(this.#encoder, this.#records, this.#receiver, Date.now());
    const part = { records, bytes: this.#decoded, line: this.#decoder.line };
    this.#records = [];
    this.#decoded = 0;
    return part;
  }

  #answer(part: LinesPart | undefined, isDone: boolean): LinesAnswer {
    const { rejected, errors } = this.#decoder;
    return { part, isDone, waiting: this.#records.length, rejected, errors };
  }
}
