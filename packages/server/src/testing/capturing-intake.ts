import type { Decoding } from "../decoding/threads.ts";
import { DEFAULT_BODY_LIMITS, type ReceiverContext } from "../receivers/receiver.ts";
import { isEncoded } from "../record/encoded-records.ts";
import { ALL_STORED, type Intake, type Stored } from "../record/intake.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";
import { logsOf, spansOf } from "./native-block.ts";

/** An intake in memory, which commits at once unless it is held, and refuses on demand. */
export interface CapturingIntake extends Intake {
  /** What was committed. */
  readonly logs: LogRecord[];
  readonly spans: SpanRecord[];
  /** Calls that wait for {@link release}. */
  readonly waiting: number;
  /** From now on calls wait; {@link release} lets them commit. */
  hold(): void;
  release(): void;
  /** The next calls are refused, one after another, with these errors. */
  refuseNext(...errors: readonly unknown[]): void;
  /** Of the next call so many records, the first ones, can't be stored for what is in them. */
  spoilNext(records: number): void;
}

export function capturingIntake(): CapturingIntake {
  const logs: LogRecord[] = [];
  const spans: SpanRecord[] = [];
  const refusals: unknown[] = [];
  let held: (() => void)[] | null = null;
  let spoilt = 0;

  async function commit<T>(kept: T[], records: readonly T[]): Promise<Stored> {
    if (refusals.length > 0) throw refusals.shift();
    const refused = Math.min(spoilt, records.length);
    spoilt = 0;
    const queue = held;
    if (queue !== null) await new Promise<void>((resolve) => queue.push(resolve));
    kept.push(...records.slice(refused));
    return refused === 0 ? ALL_STORED : { refused };
  }

  return {
    logs,
    spans,
    get waiting() {
      return held?.length ?? 0;
    },
    writeLogs: (records) => commit(logs, isEncoded(records) ? logsOf(records) : records),
    writeSpans: (records) => commit(spans, isEncoded(records) ? spansOf(records) : records),
    hold() {
      held ??= [];
    },
    release() {
      const queue = held ?? [];
      held = null;
      for (const proceed of queue) proceed();
    },
    refuseNext(...errors) {
      refusals.push(...errors);
    },
    spoilNext(records) {
      spoilt = records;
    },
  };
}

/** What {@link receiverContext} counted, as `accepted` or `rejected REASON` to records. */
export type Counts = Record<string, number>;

/** A context around an intake: counts into `counts`, and it is always `now`. */
export function receiverContext(
  intake: Intake,
  {
    counts = {} as Counts,
    now = 1_700_000_000_000_000_000n,
    limits = DEFAULT_BODY_LIMITS,
    errors = [] as string[],
    isKey = (_key: string | undefined): boolean => true,
    isReady = (): boolean => true,
    decoding = undefined as Decoding | undefined,
  } = {},
): ReceiverContext {
  const add = (name: string, records: number) => {
    counts[name] = (counts[name] ?? 0) + records;
  };
  return {
    intake,
    limits,
    isKey,
    isReady,
    decoding,
    now: () => now,
    log: { debug() {}, info() {}, warn() {}, error: (message) => errors.push(message) },
    counters: {
      accepted: (_receiver, records) => add("accepted", records),
      rejected: (_receiver, records, reason) => add(`rejected ${reason}`, records),
    },
  };
}
