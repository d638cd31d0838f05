import type { ErrorCode } from "./errors.ts";

/**
 * Tells a person of a mistake or a failure inside the logging itself: once per code and subject, never through the
 * loggers. What logs must not take the application down.
 */
export interface Problems {
  /** @param subject what it is about; the same code and subject are told once */
  tell(code: ErrorCode, subject: string, message: string): void;
}

/** Kinds of problems that are remembered; hostile subjects must not fill the memory. */
const MOST = 1_000;

export function createProblems(write: (line: string) => void): Problems {
  const told = new Set<string>();
  return {
    tell(code, subject, message) {
      const key = `${code} ${subject}`;
      if (told.has(key) || told.size >= MOST) return;
      told.add(key);
      write(`polylog: ${message} [${code}]\n`);
    },
  };
}
