/** What was sent and what was acknowledged, by a record's id. */
interface Entry {
  /** Requests that held it. */
  attempts: number;
  isAcknowledged: boolean;
}

/** A record as it was found in the store. */
export interface FoundRecord {
  readonly id: string;
  readonly body: string;
}

/** Keeps account of a round. */
export interface Ledger {
  /** The next ids, never used before. */
  take(count: number): readonly string[];
  /** To be called before each request. */
  sending(ids: readonly string[]): void;
  /** To be called when a request was answered with success. */
  acknowledged(ids: readonly string[]): void;
  /** What is wrong with what was found; empty when nothing is. */
  faultsIn(found: readonly FoundRecord[], payloadOf: (id: string) => string): readonly string[];
  readonly sent: number;
  readonly acknowledgedCount: number;
}

/** @param prefix of the ids */
export function createLedger(prefix: string): Ledger {
  const entries = new Map<string, Entry>();
  let next = 0;
  return {
    take: (count) => Array.from({ length: count }, () => `${prefix}-${next++}`),
    sending(ids) {
      for (const id of ids) {
        const entry = entries.get(id);
        if (entry === undefined) entries.set(id, { attempts: 1, isAcknowledged: false });
        else entry.attempts++;
      }
    },
    acknowledged(ids) {
      for (const id of ids) entries.get(id)!.isAcknowledged = true;
    },
    faultsIn(found, payloadOf) {
      const counts = new Map<string, number>();
      const faults: string[] = [];
      for (const { id, body } of found) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
        if (!entries.has(id)) faults.push(`${id} was never sent`);
        else if (body !== payloadOf(id)) {
          faults.push(
            `${id} is not as it was sent: ${JSON.stringify(body)}, not ${JSON.stringify(payloadOf(id))}`,
          );
        }
      }
      for (const [id, { attempts, isAcknowledged }] of entries) {
        const count = counts.get(id) ?? 0;
        if (isAcknowledged && count === 0) faults.push(`${id} was acknowledged and is lost`);
        // Each request may have been carried out, acknowledged or not, but none more than once.
        if (count > attempts) faults.push(`${id} is there ${count} times, sent ${attempts} times`);
      }
      return faults;
    },
    get sent() {
      return entries.size;
    },
    get acknowledgedCount() {
      return [...entries.values()].filter(({ isAcknowledged }) => isAcknowledged).length;
    },
  };
}
