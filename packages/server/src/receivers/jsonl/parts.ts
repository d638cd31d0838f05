/** Bytes that are decoded in one go: about a millisecond, so that others get their turn. */
export const SLICE_BYTES = 64 << 10;
/** A request up to this size is committed as a whole; a larger one in parts, which bounds its memory. */
const PART_BYTES = 4 << 20;
/** What is held of a request at most: a part, and what was read behind it by then. */
export const MOST_HELD_BYTES = PART_BYTES + (1 << 20);
/** A part in records: two bytes of JSON make one, which takes hundreds. */
const PART_RECORDS = 20_000;

/** Whether what was decoded is to be committed before more is. */
export function isPartFull(bytes: number, records: number): boolean {
  return bytes >= PART_BYTES || records >= PART_RECORDS;
}
