import type { IntakeResponse } from "@polylog/server/contract";
import { expect, test } from "vitest";
import { stateText } from "./spool-state.ts";

const NOW = 1_800_000_000_000;
type Spool = NonNullable<IntakeResponse["spool"]>;
const spool = (different: Partial<Spool>): Spool => ({
  ...{ records: 0, batches: 0, bytes: 0, maxBytes: 2e9, isFull: false, takes: true },
  ...{ oldestAt: null, since: null, keptDamagedBytes: 0 },
  aside: { batches: 0, records: 0, bytes: 0 },
  ...different,
});

test.each<[what: string, ready: boolean, spool: Spool | undefined, says: RegExp | undefined]>([
  ["away, with a spool", false, spool({}), /kept on disk, and stored when it is back/],
  [
    "away, the spool is full",
    false,
    spool({ isFull: true, takes: false }),
    /takes no more: .* asked to come back/,
  ],
  ["not open yet", false, spool({ takes: false }), /^The store is away: what comes in is asked to come back/],
  ["away, without a spool", false, undefined, /^The store is away: what comes in is asked to come back/],
  ["well", true, spool({}), undefined],
  ["well, without a spool", true, undefined, undefined],
  ["well, by way of the disk for a moment", true, spool({ records: 5, since: NOW - 100 }), undefined],
  [
    "back, and behind",
    true,
    spool({ records: 12_000, since: NOW - 180_000 }),
    /^For 3 min .* 12,000 records there/,
  ],
])("%s", (_, ready, spooled, says) => {
  const intake = { ready, now: NOW, ...(spooled && { spool: spooled }) } as IntakeResponse;
  const text = stateText(intake);
  if (says === undefined) expect(text).toBeUndefined();
  else expect(text).toMatch(says);
});
