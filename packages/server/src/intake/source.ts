import { isEncoded, type Origin, type Records, type Told } from "../record/encoded-records.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";

/** Characters of a name that tell sources apart. */
const MAX_LENGTH = 100;

/** Whose record it is: see {@link originOf}. */
export function sourceOf({ resource }: LogRecord | SpanRecord, receiver: string): string {
  return nameOf(resource.serviceName, receiver);
}

function nameOf(service: string, receiver: string): string {
  return service === "" ? `(${receiver})` : service.slice(0, MAX_LENGTH);
}

/**
 * Sources are services, as records name them; the receiver's name in brackets where they name none.
 *
 * Not the sender's address: a collector or a proxy sends for many, and a fleet behind one address would be one source.
 * Not its key: all share one.
 */
export function originOf(records: readonly (LogRecord | SpanRecord)[], receiver: string): Origin {
  const counts = new Map<string, number>();
  // Records of one service mostly stand together: they are counted before they are looked up.
  let name: string | undefined;
  let run = 0;
  const add = (): void => {
    if (name === undefined) return;
    const source = nameOf(name, receiver);
    counts.set(source, (counts.get(source) ?? 0) + run);
  };
  for (const { resource } of records) {
    if (resource.serviceName === name) {
      run++;
      continue;
    }
    add();
    name = resource.serviceName;
    run = 1;
  }
  add();
  let source = `(${receiver})`;
  let most = 0;
  for (const [one, count] of counts) if (count > most) [source, most] = [one, count];
  return { source, counts };
}

/** What the door has to know of records. Those that were encoded elsewhere carry it. */
export function toldOf<T extends LogRecord | SpanRecord>(records: Records<T>, receiver: string): Told {
  if (isEncoded(records)) return records;
  return { length: records.length, origin: originOf(records, receiver), newest: newestOf(records) };
}

/** The time of the newest record, in milliseconds since 1970, near enough: senders send the newest last. */
function newestOf(records: readonly (LogRecord | SpanRecord)[]): number {
  const last = records.at(-1);
  if (last === undefined) return 0;
  const end = "endTimestamp" in last ? last.endTimestamp : last.timestamp;
  return Number(end / 1_000_000n);
}
