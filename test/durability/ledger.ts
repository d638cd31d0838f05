/** A record as it was found in the store. */
export interface FoundRecord {
  readonly id: string;
  /** The request that it came with. */
  readonly request: string;
  readonly body: string;
}

/** Keeps account of a round: what was sent with each request, and which ones were acknowledged. */
export interface Ledger {
  /** The next ids, never used before. */
  take(count: number): readonly string[];
  /**
   * To be called before each request, also when records are sent again.
   *
   * @returns its name, which its records are to carry
   */
  sending(ids: readonly string[]): string;
  /** To be called when a request was answered with success. */
  acknowledged(request: string): void;
  /** What is wrong with what was found; empty when nothing is. */
  faultsIn(found: readonly FoundRecord[], payloadOf: (id: string) => string): readonly string[];
  readonly sent: number;
  readonly acknowledgedCount: number;
}

interface Request {
  readonly ids: ReadonlySet<string>;
  isAcknowledged: boolean;
}

/** @param prefix of the ids */
export function createLedger(prefix: string): Ledger {
  const requests = new Map<string, Request>();
  let next = 0;

  function idsOf(isCounted: (request: Request) => boolean): ReadonlySet<string> {
    return new Set([...requests.values()].filter(isCounted).flatMap(({ ids }) => [...ids]));
  }

  return {
    take: (count) => Array.from({ length: count }, () => `${prefix}-${next++}`),
    sending(ids) {
      const name = `${prefix}/${requests.size}`;
      requests.set(name, { ids: new Set(ids), isAcknowledged: false });
      return name;
    },
    acknowledged(name) {
      requests.get(name)!.isAcknowledged = true;
    },
    faultsIn(found, payloadOf) {
      const faults: string[] = [];
      const there = new Set<string>();
      for (const { id, request, body } of found) {
        const record = `${id} of ${request}`;
        if (!requests.get(request)?.ids.has(id)) faults.push(`${record} was never sent`);
        else if (body !== payloadOf(id)) {
          faults.push(
            `${record} is not as it was sent: ${JSON.stringify(body)}, not ${JSON.stringify(payloadOf(id))}`,
          );
        }
        // Each request may have been carried out, acknowledged or not, but none more than once.
        if (there.has(record)) faults.push(`${record} is there more than once`);
        there.add(record);
      }
      for (const [request, { ids, isAcknowledged }] of requests) {
        if (!isAcknowledged) continue;
        for (const id of ids) {
          if (!there.has(`${id} of ${request}`))
            faults.push(`${id} of ${request} was acknowledged and is lost`);
        }
      }
      return faults;
    },
    get sent() {
      return idsOf(() => true).size;
    },
    get acknowledgedCount() {
      return idsOf(({ isAcknowledged }) => isAcknowledged).size;
    },
  };
}
