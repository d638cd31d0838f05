import { EXIT, type ExitCode } from "./exit.ts";
import { exitCodeOf, failureText, isInterruption } from "./failure.ts";
import { untilInterrupted } from "./interrupt.ts";
import type { Terminal } from "./terminal.ts";

/** Runs what asks the server a question until it is done or Ctrl-C comes; an error shows its place in the query. */
export async function asking(
  query: string,
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await untilInterrupted(work);
  } catch (error) {
    if (isInterruption(error)) return EXIT.interrupted;
    terminal.note(failureText(error, terminal.noteColours, query));
    return exitCodeOf(error);
  }
}
