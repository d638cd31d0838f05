import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A clock of another process that can be put forward and back. */
export interface ShiftedClock {
  /** What makes Node's processes keep to it, for their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Shifts it, of the process with this id; those that start later have it from the beginning. */
  shift(milliseconds: number, pid: number): void;
}

/** Runs before everything else in the process. A signal makes it read the file again. */
const PRELOAD = `
import { readFileSync } from "node:fs";
const Real = Date;
let offset = 0;
const read = () => { try { offset = Number(readFileSync(process.env.POLYLOG_TEST_CLOCK, "utf8")); } catch {} };
read();
process.on("SIGUSR2", read);
globalThis.Date = class Date extends Real {
  constructor(...values) { if (values.length === 0) super(Real.now() + offset); else super(...values); }
  static now() { return Real.now() + offset; }
};
`;

/** @param directory where the shift is kept */
export function createShiftedClock(directory: string): ShiftedClock {
  const file = join(directory, "clock");
  writeFileSync(file, "0");
  const preload = `data:text/javascript,${encodeURIComponent(PRELOAD)}`;
  return {
    environment: { POLYLOG_TEST_CLOCK: file, NODE_OPTIONS: `--import=${preload}` },
    shift(milliseconds, pid) {
      writeFileSync(file, String(milliseconds));
      process.kill(pid, "SIGUSR2");
    },
  };
}
