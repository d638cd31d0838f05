import { PolylogError } from "../../errors.ts";
import { ByteInbox } from "../listeners/byte-inbox.ts";

/**
 * Hot path. Cuts a stream into the messages that a NUL ends. A last one without it counts as well, and nothing
 * between two of them is no message.
 *
 * Source: Graylog, "GELF via TCP".
 */
export class NulFraming {
  readonly #maxBytes: number;
  readonly #onMessage: (message: Buffer) => void;
  readonly #inbox = new ByteInbox();

  /** @param maxBytes of one message */
  constructor(maxBytes: number, onMessage: (message: Buffer) => void) {
    this.#maxBytes = maxBytes;
    this.#onMessage = onMessage;
  }

  /** Bytes held of a message that is not complete. */
  get heldBytes(): number {
    return this.#inbox.length;
  }

  /** @throws PolylogError `POLYLOG_E_TOO_LARGE` when no NUL comes */
  push(chunk: Buffer): void {
    const scanned = this.#inbox.length;
    const bytes = this.#inbox.add(chunk);
    let start = 0;
    for (let end = bytes.indexOf(0, scanned); end >= 0; end = bytes.indexOf(0, start)) {
      this.#emit(bytes.subarray(start, end));
      start = end + 1;
    }
    if (bytes.length - start > this.#maxBytes) throw tooLarge(this.#maxBytes);
    this.#inbox.keep(bytes, start);
  }

  /** The stream is over: what is held is a message. */
  end(): void {
    const bytes = this.#inbox.add(Buffer.alloc(0));
    this.#emit(bytes);
    this.#inbox.keep(bytes, bytes.length);
  }

  #emit(message: Buffer): void {
    if (message.length > this.#maxBytes) throw tooLarge(this.#maxBytes);
    // Some end their messages with a newline beside the NUL.
    if (message.some((byte) => byte > 32)) this.#onMessage(message);
  }
}

function tooLarge(maxBytes: number): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `No NUL ends the message within ${maxBytes} bytes.`, {
    remedy: "End each message with a NUL byte; GELF over TCP is not compressed.",
  });
}
