import { PolylogError } from "../../errors.ts";

/** Attributes kept of one record, event, link, scope or resource; the rest is counted, not kept. */
export const MAX_ATTRIBUTES = 1024;

/** Levels of lists and maps within a value; what lies deeper is replaced by {@link TOO_DEEP}. */
export const MAX_DEPTH = 32;

/** Stands where a value was nested deeper than {@link MAX_DEPTH}. */
export const TOO_DEEP = "[nested too deeply]";

/** A body of JSON becomes objects many times its size before it becomes records, so it is bounded lower. */
export const MAX_JSON_BYTES = 16 << 20;

/** Objects and lists in a body of JSON. A record with ten attributes has about forty. */
export const MAX_JSON_NODES = 1_000_000;

/** Levels of brackets in a body of JSON; each level of a value takes four. */
export const MAX_JSON_DEPTH = 512;

/** Records of one request that are rejected one by one; past that, the request is. */
export const MAX_REJECTED = 10_000;

/** Records, span events and links, resources and scopes in one request. */
const MAX_ITEMS = 200_000;

/** Attributes and values within lists and maps in one request. */
const MAX_VALUES = 4_000_000;

/**
 * What one request may cost. Bytes alone don't bound it: two bytes of protobuf make a whole record, five make an
 * attribute whose name repeats that of the map around it.
 */
export class Budget {
  #items = MAX_ITEMS;
  #values = MAX_VALUES;
  #names: number;

  constructor(requestBytes: number) {
    this.#names = (4 << 20) + 8 * requestBytes;
  }

  /** @throws PolylogError `POLYLOG_E_TOO_LARGE` */
  spendItem(): void {
    if (--this.#items < 0) throw tooMany(MAX_ITEMS, "records, span events, links, resources and scopes");
  }

  /** @throws PolylogError `POLYLOG_E_TOO_LARGE` */
  spendValue(): void {
    if (--this.#values < 0) throw tooMany(MAX_VALUES, "attributes and nested values");
  }

  /**
   * Pays for an attribute's dotted name, which repeats the name of the map around it.
   *
   * @throws PolylogError `POLYLOG_E_TOO_LARGE`
   */
  spendName(length: number): void {
    this.#names -= length;
    if (this.#names < 0) {
      throw new PolylogError("POLYLOG_E_TOO_LARGE", "The names of nested attributes dwarf the request", {
        remedy: "Send shallower maps, or smaller batches.",
      });
    }
  }
}

function tooMany(limit: number, what: string): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `The request holds more than ${limit} ${what}`, {
    remedy: "Send smaller batches.",
  });
}
