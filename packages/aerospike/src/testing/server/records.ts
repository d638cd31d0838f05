import type { Particle } from "./message.ts";

export interface StoredRecord {
  readonly namespace: string;
  readonly set: string;
  readonly digest: Buffer;
  /** The key itself, where the client sent it along. */
  readonly key: Buffer | undefined;
  readonly bins: Map<string, Particle>;
  generation: number;
}

export const PARTITIONS = 4096;

/** The first twelve bits of a digest, its first byte being the lower one. */
export function partitionOf(digest: Buffer): number {
  return digest.readUInt16LE(0) % PARTITIONS;
}

export interface Records {
  get(namespace: string, digest: Buffer): StoredRecord | undefined;
  put(record: StoredRecord): void;
  remove(record: StoredRecord): void;
  /** Those of a set, or of a namespace when the set is empty, in the order that scans resume in. */
  of(namespace: string, set: string): StoredRecord[];
}

export function createRecords(): Records {
  const records = new Map<string, StoredRecord>();
  const idOf = (namespace: string, digest: Buffer) => `${namespace} ${digest.toString("latin1")}`;
  return {
    get: (namespace, digest) => records.get(idOf(namespace, digest)),
    put: (record) => void records.set(idOf(record.namespace, record.digest), record),
    remove: (record) => void records.delete(idOf(record.namespace, record.digest)),
    of(namespace, set) {
      const found = [...records.values()].filter(
        (record) => record.namespace === namespace && (set === "" || record.set === set),
      );
      return found.sort(
        (a, b) => partitionOf(a.digest) - partitionOf(b.digest) || Buffer.compare(a.digest, b.digest),
      );
    },
  };
}
