import {
  type Answer,
  FIELD,
  INFO1,
  INFO2,
  INFO3,
  type Message,
  type Particle,
  STATUS,
  type WireOperation,
} from "./message.ts";
import type { Records, StoredRecord } from "./records.ts";

const CODE = { read: 1, write: 2, increment: 5, append: 9, prepend: 10, touch: 11, delete: 14 } as const;
const TYPE = { nothing: 0, integer: 1, string: 3 } as const;

/** What one operation on one record needs of its message; a batch has many such. */
export type RecordRequest = Pick<
  Message,
  "info1" | "info2" | "info3" | "generation" | "fields" | "operations"
>;

/** What the protocol has no status for: the client waits until its own timeout. */
export const SILENCE = "silence";

/** Does what a request says to one record. */
export function operate(records: Records, request: RecordRequest, digest: Buffer): Answer | typeof SILENCE {
  const namespace = String(request.fields.get(FIELD.namespace));
  const set = String(request.fields.get(FIELD.set) ?? "");
  if (set === "silent") return SILENCE;
  const wanted = /^fail-(\d+)$/.exec(set);
  if (wanted !== null) return { status: Number(wanted[1]) };

  const existing = records.get(namespace, digest);
  const udf = request.fields.get(FIELD.udfFunction);
  if (udf !== undefined)
    return { status: STATUS.ok, bins: [{ bin: "SUCCESS", type: TYPE.string, value: udf }] };
  if ((request.info2 & INFO2.write) === 0) return read(request, existing);

  const refusal = refusalOf(request, existing);
  if (refusal !== undefined) return { status: refusal };
  if ((request.info2 & INFO2.delete) !== 0) {
    if (existing === undefined) return { status: STATUS.notFound };
    records.remove(existing);
    return { status: STATUS.ok };
  }
  const isNew = (request.info3 & (INFO3.createOrReplace | INFO3.replaceOnly)) !== 0;
  const record: StoredRecord = {
    namespace,
    set,
    digest: Buffer.from(digest),
    key: copyOf(request.fields.get(FIELD.key)) ?? existing?.key,
    bins: new Map(isNew ? [] : existing?.bins),
    generation: (existing?.generation ?? 0) + 1,
  };
  return write(records, request, record, existing);
}

function read({ info1, operations }: RecordRequest, record: StoredRecord | undefined): Answer {
  if (record === undefined) return { status: STATUS.notFound };
  const { generation } = record;
  if ((info1 & INFO1.noBins) !== 0) return { status: STATUS.ok, generation };
  const isAll = (info1 & INFO1.getAll) !== 0 || operations.length === 0;
  const names = isAll ? [...record.bins.keys()] : operations.map(({ bin }) => bin);
  return { status: STATUS.ok, generation, bins: names.flatMap((bin) => binOf(record, bin)) };
}

function refusalOf(
  { info2, info3, generation }: RecordRequest,
  existing: StoredRecord | undefined,
): number | undefined {
  if ((info2 & INFO2.createOnly) !== 0 && existing !== undefined) return STATUS.exists;
  const mustExist = (info3 & (INFO3.updateOnly | INFO3.replaceOnly)) !== 0;
  if (mustExist && existing === undefined) return STATUS.notFound;
  const isOther = (info2 & INFO2.generation) !== 0 && generation !== (existing?.generation ?? 0);
  return isOther ? STATUS.generation : undefined;
}

/** All operations, or none when one is refused. */
function write(
  records: Records,
  { operations }: RecordRequest,
  record: StoredRecord,
  existing: StoredRecord | undefined,
): Answer {
  const bins: (Particle & { bin: string })[] = [];
  let isDeleted = false;
  for (const operation of operations) {
    const { code, bin } = operation;
    if (code === CODE.read)
      bins.push(...(bin === "" ? [...record.bins.keys()] : [bin]).flatMap((name) => binOf(record, name)));
    else if (code === CODE.delete) isDeleted = true;
    else if (code === CODE.touch && existing === undefined) return { status: STATUS.notFound };
    else {
      const status = code === CODE.touch ? STATUS.ok : change(record.bins, operation);
      if (status !== STATUS.ok) return { status };
    }
  }
  if (isDeleted) records.remove(record);
  else records.put(record);
  return { status: STATUS.ok, generation: record.generation, bins };
}

function change(bins: Map<string, Particle>, { code, bin, type, value }: WireOperation): number {
  const before = bins.get(bin);
  const given = { type, value: Buffer.from(value) };
  switch (code) {
    case CODE.write:
      if (type === TYPE.nothing) bins.delete(bin);
      else bins.set(bin, given);
      return STATUS.ok;
    case CODE.append:
    case CODE.prepend: {
      if (before !== undefined && before.type !== type) return STATUS.binType;
      const parts = [before?.value ?? Buffer.alloc(0), given.value];
      bins.set(bin, { type, value: Buffer.concat(code === CODE.append ? parts : parts.reverse()) });
      return STATUS.ok;
    }
    case CODE.increment: {
      if (type !== TYPE.integer || (before !== undefined && before.type !== type)) return STATUS.binType;
      const sum = Buffer.alloc(8);
      sum.writeBigInt64BE(BigInt.asIntN(64, (before?.value.readBigInt64BE() ?? 0n) + value.readBigInt64BE()));
      bins.set(bin, { type, value: sum });
      return STATUS.ok;
    }
    default:
      return STATUS.unsupported;
  }
}

function binOf(record: StoredRecord, bin: string): (Particle & { bin: string })[] {
  const particle = record.bins.get(bin);
  return particle === undefined ? [] : [{ bin, ...particle }];
}

function copyOf(bytes: Buffer | undefined): Buffer | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes);
}
