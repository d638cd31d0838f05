import { foreignError } from "../bridges/foreign-error.ts";

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const INTEGER = 3;
const DOUBLE = 4;
const TEXT = 5;
const BIG = 6;
export const ERROR = 7;
export const PANIC = 8;

/** Where in a batch the reader is: in its words, and in its text. Hot: records are read by it. */
export class BatchCursor {
  readonly words: Uint32Array;
  /** Position of the next word. */
  at = 0;
  /** Of the whole batch. */
  text = "";
  /** Position of the next text. */
  textAt = 0;
  readonly #double = new Float64Array(1);
  readonly #doubleWords = new Uint32Array(this.#double.buffer);

  constructor(words: Uint32Array) {
    this.words = words;
  }

  /** The next text, of so many UTF-16 units. */
  cut(units: number): string {
    const start = this.textAt;
    this.textAt = start + units;
    return this.text.substring(start, start + units);
  }

  double(at: number): number {
    this.#doubleWords[0] = this.words[at]!;
    this.#doubleWords[1] = this.words[at + 1]!;
    return this.#double[0]!;
  }

  /** The next value, of this kind. */
  value(kind: number): unknown {
    const { words } = this;
    switch (kind) {
      case TEXT:
        return this.cut(words[this.at++]!);
      case INTEGER:
        return words[this.at++]! | 0;
      case DOUBLE:
        this.at += 2;
        return this.double(this.at - 2);
      case TRUE:
        return true;
      case FALSE:
        return false;
      case NULL:
        return null;
      case BIG:
        return BigInt(this.cut(words[this.at++]!));
      case ERROR:
        return this.#errors();
      case PANIC: {
        const message = this.cut(words[this.at++]!);
        return foreignError({ name: "panic", message, stack: this.cut(words[this.at++]!) });
      }
      default:
        throw new RangeError(`a batch of native records has a value of kind ${kind}`);
    }
  }

  /** An error and those behind it. They are all that is known of it: Rust's have no stack, and no name. */
  #errors(): Error {
    const messages: string[] = [];
    for (let left = this.words[this.at++]!; left > 0; left--) messages.push(this.cut(this.words[this.at++]!));
    let error: Error | undefined;
    for (const message of messages.reverse()) error = foreignError({ message, cause: error });
    return error ?? foreignError({});
  }
}
