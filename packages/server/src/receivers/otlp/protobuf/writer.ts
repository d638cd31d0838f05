/**
 * The little of the protobuf wire format that answers need. A message is the concatenation of its fields; a field
 * with its default value is left out.
 */

/** A field that holds a string or an encoded message. */
export function lengthField(field: number, value: string | Buffer): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : value;
  return bytes.length === 0 ? bytes : Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

/** A field that holds an unsigned number below 2^53. */
export function varintField(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(field << 3), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}
