/** Bits of the header that this server knows, by the byte they are in. */
export const INFO1 = { read: 1, getAll: 2, batch: 8, noBins: 32 } as const;
export const INFO2 = { write: 1, delete: 2, generation: 4, createOnly: 32 } as const;
export const INFO3 = { last: 1, updateOnly: 8, createOrReplace: 16, replaceOnly: 32 } as const;

export const FIELD = {
  namespace: 0,
  set: 1,
  key: 2,
  digest: 4,
  partitions: 11,
  digests: 12,
  maxRecords: 13,
  indexRange: 22,
  udfFunction: 31,
  batch: 41,
} as const;

export const STATUS = {
  ok: 0,
  notFound: 2,
  generation: 3,
  exists: 5,
  binType: 12,
  unsupported: 16,
} as const;

/** A bin's value, as it is on the wire: its type's number and its bytes. */
export interface Particle {
  readonly type: number;
  readonly value: Buffer;
}

/** An operation of a request, or a bin of an answer. */
export interface WireOperation extends Particle {
  readonly code: number;
  readonly bin: string;
}

export interface Message {
  readonly info1: number;
  readonly info2: number;
  readonly info3: number;
  readonly generation: number;
  readonly fields: ReadonlyMap<number, Buffer>;
  readonly operations: readonly WireOperation[];
}

const HEADER = 22;

export function decodeMessage(body: Buffer): Message {
  const { fields, operations } = decodeParts(body, body[0]!, body.readUInt16BE(18), body.readUInt16BE(20));
  return {
    info1: body[1]!,
    info2: body[2]!,
    info3: body[3]!,
    generation: body.readUInt32BE(6),
    fields,
    operations,
  };
}

/** Fields and operations, which stand one after the other wherever there are any. */
export function decodeParts(
  body: Buffer,
  start: number,
  fieldCount: number,
  operationCount: number,
): { fields: Map<number, Buffer>; operations: WireOperation[]; end: number } {
  const fields = new Map<number, Buffer>();
  const operations: WireOperation[] = [];
  let at = start;
  for (let i = 0; i < fieldCount; i++) {
    const length = body.readUInt32BE(at);
    fields.set(body[at + 4]!, body.subarray(at + 5, at + 4 + length));
    at += 4 + length;
  }
  for (let i = 0; i < operationCount; i++) {
    const length = body.readUInt32BE(at);
    const nameEnd = at + 8 + body[at + 7]!;
    operations.push({
      code: body[at + 4]!,
      type: body[at + 5]!,
      bin: body.toString("utf8", at + 8, nameEnd),
      value: body.subarray(nameEnd, at + 4 + length),
    });
    at += 4 + length;
  }
  return { fields, operations, end: at };
}

export interface Answer {
  readonly status: number;
  readonly info3?: number;
  readonly generation?: number;
  /** Which key of a batch this is about. */
  readonly index?: number;
  readonly fields?: readonly (readonly [field: number, value: Buffer])[];
  readonly bins?: readonly (Particle & { readonly bin: string })[];
}

export function encodeAnswer({
  status,
  info3 = 0,
  generation = 0,
  index = 0,
  fields = [],
  bins = [],
}: Answer): Buffer {
  const header = Buffer.alloc(HEADER);
  header[0] = HEADER;
  header[3] = info3;
  header[5] = status;
  header.writeUInt32BE(generation, 6);
  header.writeUInt32BE(index, 14);
  header.writeUInt16BE(fields.length, 18);
  header.writeUInt16BE(bins.length, 20);
  return Buffer.concat([header, ...fields.map(encodeField), ...bins.map(encodeBin)]);
}

function encodeField([field, value]: readonly [number, Buffer]): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(value.length + 1);
  head[4] = field;
  return Buffer.concat([head, value]);
}

const READ = 1;

function encodeBin({ bin, type, value }: Particle & { readonly bin: string }): Buffer {
  const name = Buffer.from(bin);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(4 + name.length + value.length);
  head[4] = READ;
  head[5] = type;
  head[7] = name.length;
  return Buffer.concat([head, name, value]);
}
