import type { LogRecord, SpanRecord } from "../record/record.ts";

/** Characters of a name that tell sources apart. */
const MAX_LENGTH = 100;

/** Whose records a request holds. */
export interface Origin {
  /** The source of most of them: whose turn, share and limit the request counts for. */
  readonly source: string;
  /** How many are of each. */
  readonly counts: ReadonlyMap<string, number>;
}

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
