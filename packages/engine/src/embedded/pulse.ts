import { pause } from "../pause.ts";

export interface PulseTimes {
  /** Milliseconds from the beginning of one look to that of the next. */
  readonly period: number;
  /** Milliseconds in which the engine has to answer. */
  readonly timeout: number;
  /** Looks in a row without an answer after which it counts as away. */
  readonly away: number;
  /** Looks in a row without an answer after which it counts as hung: it will not come back by itself. */
  readonly hung: number;
}

/**
 * Away after 10 s, hung after 30 s. An engine that is busy on all cores answers within milliseconds (`pulse.test.ts`),
 * so this leaves room. Looks are counted, not the time: a laptop that slept has missed none.
 */
export const PULSE: PulseTimes = { period: 5_000, timeout: 5_000, away: 2, hung: 6 };

export interface PulseOptions {
  readonly times: PulseTimes;
  /** Whether it answers, within {@link PulseTimes.timeout}. */
  readonly ping: (signal: AbortSignal) => Promise<boolean>;
  readonly onAway: () => void;
  /** It answers again. */
  readonly onBack: () => void;
  /** Called once, and it is watched no longer. */
  readonly onHung: () => void;
}

/** Watches whether the engine answers, until aborted or hung. A process may live and do nothing. */
export async function watchPulse(options: PulseOptions, signal: AbortSignal): Promise<void> {
  const { times, ping } = options;
  let silent = 0;
  while (!signal.aborted) {
    const rest = pause(times.period, signal);
    const answers = await ping(signal);
    if (signal.aborted) return;
    if (answers && silent >= times.away) options.onBack();
    silent = answers ? 0 : silent + 1;
    if (silent === times.away) options.onAway();
    if (silent >= times.hung) return options.onHung();
    await rest;
  }
}
