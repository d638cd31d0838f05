import type { Options } from "../config/options.ts";
import { createRateLimiter, type HeldBack } from "../limits/rate-limiter.ts";
import { createSampler } from "../limits/sampler.ts";
import type { Level } from "../logger/level.ts";

/** Sampling and rate limits: what of the enabled records goes on. */
export interface Admission {
  /** Hot. `undefined` when all do. */
  readonly admits: ((logger: string, level: Level, message: string) => boolean) | undefined;
  /** Tells now of all that was held back. */
  tellRest(): void;
}

/** @param tell logs the record that stands for those that were held back; it is admitted itself */
export function createAdmission(
  { sampling, rateLimit }: Pick<Options, "sampling" | "rateLimit">,
  tell: (held: HeldBack) => void,
): Admission {
  const sampler = sampling === undefined || sampling >= 1 ? undefined : createSampler(sampling);
  const limiter = rateLimit === undefined ? undefined : createRateLimiter(rateLimit);
  if (sampler === undefined && limiter === undefined) return { admits: undefined, tellRest: () => {} };
  let isTelling = false;

  function tellAll(held: readonly HeldBack[]): void {
    isTelling = true;
    try {
      for (const record of held) tell(record);
    } finally {
      isTelling = false;
    }
  }

  return {
    admits(logger, level, message) {
      if (isTelling) return true;
      if (limiter !== undefined) tellAll(limiter.due());
      return (sampler?.(level) ?? true) && (limiter?.admit(logger, level, message) ?? true);
    },
    tellRest() {
      if (limiter !== undefined) tellAll(limiter.rest());
    },
  };
}
