import { PolylogError } from "../../errors.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { parseJson } from "../../formats/json/json-text.ts";

/** One item of an envelope. */
export interface EnvelopeItem {
  readonly type: string;
  /** The bytes, unless the item's type isn't kept or they are more than its type may have. */
  readonly payload: Buffer | "not kept" | "too large";
}

/** Bytes of a header; Sentry's own server takes a few kilobytes. */
const MAX_HEADER_BYTES = 64 << 10;
/** Items of an envelope: even those that aren't kept are counted one by one. */
const MAX_ITEMS = 10_000;
const NEWLINE = 10;

/** What the bytes that come next belong to. */
type State =
  | { readonly part: "header" }
  /** The header of an item, or the envelope's end. */
  | { readonly part: "item header" }
  /** A payload; without a length it ends at a newline. */
  | { readonly part: "payload"; readonly type: string; left: number | undefined; readonly limit: number }
  | { readonly part: "newline behind a payload" };

/**
 * Hot path. Takes an envelope apart while its bytes come. Attachments of a hundred megabytes pass through without being
 * held: only payloads of types that are kept are.
 *
 * Source: develop.sentry.dev, "Envelopes", serialization format.
 *
 * @example
 * const reader = new EnvelopeReader((type) => (type === "event" ? 1 << 20 : 0));
 * for await (const chunk of body) reader.push(chunk);
 * reader.end();
 * reader.items; // [{ type: "event", payload }]
 */
export class EnvelopeReader {
  readonly #limitOf: (type: string) => number;
  readonly items: EnvelopeItem[] = [];
  /** The envelope's header; empty until it has come. */
  header: JsonObject = {};
  /** Bytes of the payloads that are kept. */
  kept = 0;

  #state: State = { part: "header" };
  #parts: Buffer[] = [];
  #length = 0;

  /** @param limitOf the bytes that an item of a type may have; 0 for a type that isn't kept */
  constructor(limitOf: (type: string) => number) {
    this.#limitOf = limitOf;
  }

  /** Bytes that are in memory: what is kept, and the part that is being read. */
  get held(): number {
    return this.kept + (this.#parts.length > 0 ? this.#length : 0);
  }

  /** @throws PolylogError `POLYLOG_E_BAD_REQUEST` where it is no envelope */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const state = this.#state;
      if (state.part === "newline behind a payload") {
        if (chunk[at] !== NEWLINE) throw malformed("a payload is longer than its header says");
        at++;
        this.#state = { part: "item header" };
      } else if (state.part === "payload" && state.left !== undefined) {
        const end = Math.min(chunk.length, at + state.left);
        this.#keep(chunk, at, end, state.limit);
        state.left -= end - at;
        at = end;
        if (state.left === 0) this.#endPayload(state.type, state.limit, { part: "newline behind a payload" });
      } else {
        const newline = chunk.indexOf(NEWLINE, at);
        const end = newline < 0 ? chunk.length : newline;
        const isHeader = state.part !== "payload";
        this.#keep(chunk, at, end, isHeader ? MAX_HEADER_BYTES : state.limit);
        if (isHeader && this.#length > MAX_HEADER_BYTES) {
          throw malformed(`a header is longer than ${MAX_HEADER_BYTES} bytes`);
        }
        at = end + 1;
        if (newline >= 0) this.#endLine(state);
      }
    }
  }

  /** @throws PolylogError `POLYLOG_E_BAD_REQUEST` when something is missing at the end */
  end(): void {
    const state = this.#state;
    if (state.part === "payload" && state.left !== undefined) {
      throw malformed(`${state.left} bytes of its ${state.type} are missing`);
    }
    if (state.part === "header" || state.part === "payload" || this.#length > 0) this.#endLine(state);
    // A header may stand at the very end, without a payload.
    const last = this.#state;
    if (last.part === "payload") this.end();
  }

  #endLine(state: State): void {
    if (state.part === "header") {
      this.header = this.#takeHeader();
      this.#state = { part: "item header" };
    } else if (state.part === "payload") {
      this.#endPayload(state.type, state.limit, { part: "item header" });
    } else if (this.#length > 0) this.#beginItem(this.#takeHeader());
  }

  #beginItem({ type, length }: JsonObject): void {
    if (typeof type !== "string") throw malformed("an item's header names no type");
    const isCounted = typeof length === "number" && Number.isInteger(length) && length >= 0;
    if (!isCounted && length !== undefined && length !== null)
      throw malformed("an item's length is no number");
    const limit = this.#limitOf(type);
    if (isCounted && length === 0) this.#endPayload(type, limit, { part: "newline behind a payload" });
    else this.#state = { part: "payload", type, left: isCounted ? length : undefined, limit };
  }

  #endPayload(type: string, limit: number, next: State): void {
    const isTooLarge = this.#length > limit;
    const payload = limit === 0 ? "not kept" : isTooLarge ? "too large" : this.#take();
    if (payload instanceof Buffer) this.kept += payload.length;
    if (this.items.length >= MAX_ITEMS) throw malformed(`it has more than ${MAX_ITEMS} items`);
    this.items.push({ type, payload });
    this.#forget();
    this.#state = next;
  }

  #takeHeader(): JsonObject {
    const text = this.#take().toString("utf8");
    this.#forget();
    let value: unknown;
    try {
      value = parseJson(text);
    } catch {
      value = undefined;
    }
    if (!isJsonObject(value)) throw malformed("a header is not a JSON object");
    return value;
  }

  #keep(chunk: Buffer, start: number, end: number, limit: number): void {
    this.#length += end - start;
    // What is too large is counted only.
    if (this.#length > limit) this.#parts = [];
    // A copy: one small item must not hold the whole chunk that it came in.
    else if (end > start) this.#parts.push(Buffer.from(chunk.subarray(start, end)));
    // A byte at a time must not become an array of a million.
    if (this.#parts.length > 1024) this.#parts = [Buffer.concat(this.#parts)];
  }

  #take(): Buffer {
    return this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
  }

  #forget(): void {
    this.#parts = [];
    this.#length = 0;
  }
}

function malformed(why: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `The body is no Sentry envelope: ${why}.`);
}
