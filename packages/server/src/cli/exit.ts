/** What the commands' exit codes mean. */
export const EXIT = {
  /** Found, or done. */
  done: 0,
  /** Nothing was found. */
  nothing: 1,
  /** The command was used wrongly, or the query can't be read. */
  usage: 2,
  /** The server was not reached, or could not answer. */
  away: 3,
  /** A fault of Polylog itself; sysexits.h: EX_SOFTWARE. */
  fault: 70,
  /** `run`: the program can't be run, or isn't found, as shells count it. */
  notRunnable: 126,
  notFound: 127,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

/** A value of {@link EXIT}, or the exit code of the program that `run` ran. */
export type ExitCode = number;
