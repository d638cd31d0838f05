import { setTimeout as delay } from "node:timers/promises";
import { poll } from "../poll.ts";
import { createRandom } from "../random.ts";
import type { ShiftedClock } from "./clock.ts";
import type { Disk } from "./disk.ts";
import type { Fault } from "./faults.ts";
import { createLedger } from "./ledger.ts";
import { payloadOf } from "./payload.ts";
import type { Victim } from "./server.ts";
import { createWriters, keepWriting } from "./writers.ts";

/** What is kept over rounds. */
export interface Stage {
  readonly victim: Victim;
  readonly disk: Disk;
  readonly clock: ShiftedClock;
  /** What may happen. */
  readonly faults: Readonly<Record<string, Fault>>;
  /** Records of the largest requests. */
  readonly largest: number;
}

export interface RoundResult {
  readonly faults: readonly string[];
  /** What was done to the server. */
  readonly done: readonly string[];
  readonly sent: number;
  readonly acknowledged: number;
}

/** Milliseconds in which the last requests have to be answered, one way or the other. */
const LAST_ANSWERS = 60_000;

/**
 * One round: everybody writes, bad things happen, all is made well again, and what is found is held against what was
 * acknowledged.
 *
 * @param seed decides what happens, and when
 */
export async function runRound(stage: Stage, seed: number): Promise<RoundResult> {
  const { victim, disk, clock, largest } = stage;
  const random = createRandom(seed);
  const round = `r${seed}`;
  const ledger = createLedger(round);
  victim.start();
  await victim.settled();

  const names = Object.keys(stage.faults);
  const done = Array.from({ length: 1 + random.below(2) }, () => random.pick(names));
  const writers = createWriters(victim.endpoints, ledger, round);
  const over = new AbortController();
  const writing = writers.map((writer, at) =>
    keepWriting(writer, { ledger, random: createRandom(seed + at + 1), largest, signal: over.signal }),
  );
  const faults: string[] = [];
  try {
    await delay(200 + random.below(1_000));
    for (const name of done) {
      await stage.faults[name]!({ victim, disk, clock, ledger, round, random });
      await delay(random.below(1_000));
    }
    await victim.settled();
    over.abort();
    await within(LAST_ANSWERS, Promise.all(writing));
    for (const writer of writers) {
      await poll(`fresh records flow through ${writer.name}`, () => writer.write(ledger.take(3)), 30_000);
    }
    await victim.settled();
    faults.push(...ledger.faultsIn(await victim.find(round), payloadOf));
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  } finally {
    over.abort();
    disk.free();
    await Promise.all(writers.map((writer) => writer.close()));
  }
  return { faults, done, sent: ledger.sent, acknowledged: ledger.acknowledgedCount };
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const given = new AbortController();
  const late = delay(milliseconds, undefined, { signal: given.signal }).then(() => {
    throw new Error(`requests were not answered within ${milliseconds} ms`);
  });
  await Promise.race([work, late]).finally(() => given.abort());
  late.catch(() => {});
}
