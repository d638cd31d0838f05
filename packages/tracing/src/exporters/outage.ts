import type { Tell } from "../tell.ts";

/** Tells of a collector that is away: once when it goes, once when it is back, however often is tried between. */
export interface Outage {
  readonly isAway: boolean;
  /** One more got lost without an attempt. */
  lost(): void;
  /** @param count what got lost with this attempt */
  failed(error: unknown, count: number): void;
  succeeded(): void;
}

/** Who takes what is sent, for people. */
export interface Addressee {
  /** `the collector at http://localhost:4318` */
  readonly name: string;
  /** What to look at when it takes nothing. */
  readonly remedy: string;
}

/** The collector at an address. */
export const collectorAt = (address: string): Addressee => ({
  name: `the collector at ${address}`,
  remedy: "is OTEL_EXPORTER_OTLP_ENDPOINT right?",
});

/** @param what is sent, for people: `spans` */
export function createOutage(what: string, { name, remedy }: Addressee, tell: Tell): Outage {
  let isAway = false;
  let lost = 0;
  return {
    get isAway() {
      return isAway;
    },
    lost() {
      if (isAway) lost++;
    },
    failed(error, count) {
      lost += count;
      if (isAway) return;
      isAway = true;
      tell(
        "POLYLOG_E_COLLECTOR",
        `${name} doesn't take ${what}: ${reasonOf(error)}. The application goes on, ${what} are lost until it answers; ${remedy}`,
      );
    },
    succeeded() {
      if (!isAway) return;
      isAway = false;
      tell("POLYLOG_E_COLLECTOR", `${name} takes ${what} again; ${lost} were lost`);
      lost = 0;
    },
  };
}

/** Connecting to a name with several addresses fails with an error that says nothing itself. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : "no reason was given";
}
