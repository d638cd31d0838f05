import { encodeAnswer, FIELD, INFO1, INFO2, INFO3, type Message, STATUS } from "./message.ts";
import { PARTITIONS, partitionOf, type Records, type StoredRecord } from "./records.ts";

const DIGEST = 20;
const INTEGER = 1;

/**
 * The records that a scan or a query asks for, each in an answer of its own. Work in the background is only promised, and a
 * function that is to sum records up is answered with their number, which the client's part of it goes on with.
 */
export function answerQuery(records: Records, message: Message): Buffer[] {
  const { fields, info1, info2, operations } = message;
  const last = (status: number) => encodeAnswer({ status, info3: INFO3.last });
  const namespace = String(fields.get(FIELD.namespace));
  const set = String(fields.get(FIELD.set) ?? "");
  const wanted = /^fail-(\d+)$/.exec(set);
  if (wanted !== null) return [last(Number(wanted[1]))];
  if ((info2 & INFO2.write) !== 0) return [last(STATUS.ok)];

  const most = fields.has(FIELD.maxRecords)
    ? Number(fields.get(FIELD.maxRecords)!.readBigUInt64BE())
    : Infinity;
  const isAsked = partitionFilter(fields.get(FIELD.partitions), fields.get(FIELD.digests));
  const isFound = indexFilter(fields.get(FIELD.indexRange));
  const found = records.of(namespace, set).filter((record) => isAsked(record) && isFound(record));
  if (fields.has(FIELD.udfFunction)) return [encodeCount(found.length), last(STATUS.ok)];
  const names = new Set(operations.map(({ bin }) => bin));
  const hasBins = (info1 & INFO1.noBins) === 0;
  return [
    ...found
      .slice(0, most)
      .map((record) => encodeRecord(record, (bin) => hasBins && (names.size === 0 || names.has(bin)))),
    last(STATUS.ok),
  ];
}

function encodeCount(count: number): Buffer {
  const value = Buffer.alloc(8);
  value.writeBigInt64BE(BigInt(count));
  return encodeAnswer({ status: STATUS.ok, bins: [{ bin: "SUCCESS", type: INTEGER, value }] });
}

function encodeRecord(record: StoredRecord, hasBin: (bin: string) => boolean): Buffer {
  const { namespace, set, digest, key, generation, bins } = record;
  const fields: [number, Buffer][] = [
    [FIELD.namespace, Buffer.from(namespace)],
    [FIELD.set, Buffer.from(set)],
    [FIELD.digest, digest],
  ];
  if (key !== undefined) fields.push([FIELD.key, key]);
  return encodeAnswer({
    status: STATUS.ok,
    generation,
    fields,
    bins: [...bins].filter(([bin]) => hasBin(bin)).map(([bin, particle]) => ({ bin, ...particle })),
  });
}

/** Partitions as 16 bits each, and the last digest that was seen of those that have been begun. */
function partitionFilter(
  whole: Buffer | undefined,
  begun: Buffer | undefined,
): (record: StoredRecord) => boolean {
  if (whole === undefined && begun === undefined) return () => true;
  const partitions = new Set<number>();
  for (let at = 0; at < (whole?.length ?? 0); at += 2) partitions.add(whole!.readUInt16LE(at) % PARTITIONS);
  const after = new Map<number, Buffer>();
  for (let at = 0; at < (begun?.length ?? 0); at += DIGEST) {
    const digest = begun!.subarray(at, at + DIGEST);
    after.set(partitionOf(digest), digest);
  }
  return ({ digest }) => {
    const partition = partitionOf(digest);
    const seen = after.get(partition);
    return partitions.has(partition) || (seen !== undefined && Buffer.compare(digest, seen) > 0);
  };
}

/** One range: a count, the bin's name, a type, and two values with their lengths. */
function indexFilter(range: Buffer | undefined): (record: StoredRecord) => boolean {
  if (range === undefined) return () => true;
  const nameEnd = 2 + range[1]!;
  const bin = range.toString("utf8", 2, nameEnd);
  const type = range[nameEnd]!;
  const beginEnd = nameEnd + 5 + range.readUInt32BE(nameEnd + 1);
  const begin = range.subarray(nameEnd + 5, beginEnd);
  const end = range.subarray(beginEnd + 4);
  return ({ bins }) => {
    const particle = bins.get(bin);
    if (particle?.type !== type) return false;
    if (type !== INTEGER) return particle.value.equals(begin);
    const value = particle.value.readBigInt64BE();
    return value >= begin.readBigInt64BE() && value <= end.readBigInt64BE();
  };
}
