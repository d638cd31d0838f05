import { type BatchCursor, ERROR, PANIC } from "./batch-cursor.ts";
import { createShapes, type Shape } from "./shapes.ts";

export type Fields = Record<string, unknown>;

/** What is known of the fields that records of one place in the code have. */
export interface FieldHistory {
  /** Of its records once there were many; others of them may have other fields. */
  shape: Shape | undefined;
  /** Records that were read without a shape. */
  unshaped: number;
}

/** Records after which there is a shape: most places in the code log a few times at the most. */
const OFTEN = 100;

/** Reads the fields of records and spans. Hot. */
export class FieldReader {
  /** Of fields, spans and threads, by number. */
  readonly names: string[] = [""];
  /** What was thrown, of the record that is being read. */
  error: unknown;
  readonly #cursor: BatchCursor;
  readonly #shapeOf = createShapes();
  readonly #values: unknown[] = [];

  constructor(cursor: BatchCursor) {
    this.#cursor = cursor;
  }

  /** So many fields of a record; what was thrown is in {@link error}. */
  fields(count: number, history: FieldHistory): Fields {
    const { shape } = history;
    if (shape !== undefined && this.#readAs(shape.ids, count)) return shape.make(this.#values);
    const fields = this.#each(count, true);
    if (++history.unshaped === OFTEN) history.shape = this.#shape(Object.keys(fields));
    return fields;
  }

  /** So many spans, the outermost first. */
  spans(count: number): Fields[] {
    const cursor = this.#cursor;
    const { words } = cursor;
    const spans: Fields[] = [];
    for (let left = count; left > 0; left--) {
      const id = words[cursor.at]!;
      const fields = words[cursor.at + 1]!;
      cursor.at += 2;
      const name = this.#name(id);
      spans.push(fields > 0 ? { name, fields: this.#each(fields, false) } : { name });
    }
    return spans;
  }

  /** Reads the values when the fields are these; goes nowhere when they aren't. */
  #readAs(ids: readonly number[], count: number): boolean {
    if (ids.length !== count) return false;
    const cursor = this.#cursor;
    const { at, textAt } = cursor;
    for (let index = 0; index < count; index++) {
      const word = cursor.words[cursor.at]!;
      const kind = word & 0xff;
      // What was thrown may be no field.
      if (word >>> 8 !== ids[index] || kind >= ERROR) {
        cursor.at = at;
        cursor.textAt = textAt;
        return false;
      }
      cursor.at++;
      this.#values[index] = cursor.value(kind);
    }
    return true;
  }

  #shape(names: readonly string[]): Shape | undefined {
    return this.#shapeOf(
      names.map((name) => this.names.indexOf(name)),
      names,
    );
  }

  #each(count: number, isOfRecord: boolean): Fields {
    const cursor = this.#cursor;
    const fields: Fields = {};
    for (let left = count; left > 0; left--) {
      const word = cursor.words[cursor.at++]!;
      const name = this.#name(word >>> 8);
      const kind = word & 0xff;
      const value = cursor.value(kind);
      if (isOfRecord && (kind === PANIC || (kind === ERROR && isErrorName(name)))) this.error = value;
      else if (name === "__proto__") define(fields, name, value);
      else fields[name] = value;
    }
    return fields;
  }

  /** Names that have no number are written out. */
  #name(id: number): string {
    const cursor = this.#cursor;
    return id === 0 ? cursor.cut(cursor.words[cursor.at++]!) : this.names[id]!;
  }
}

function isErrorName(name: string): boolean {
  return name === "error" || name === "err";
}

/** A field of any name is a field. */
function define(fields: Fields, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
}
