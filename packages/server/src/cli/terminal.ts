import { type Colours, colours, takesColour } from "./colours.ts";
import { EXIT } from "./exit.ts";

/** Where a command writes to and what it may use there. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Colours of what is printed. */
  readonly colours: Colours;
  /** Colours of notes and progress. */
  readonly noteColours: Colours;
  /** Columns of the terminal that is printed to; undefined when it is none. */
  width(): number | undefined;
  /** Whether notes are read by a person, who then sees progress, too. */
  readonly isWatched: boolean;
  /** Prints a result. */
  print(text: string): void;
  /** Says something beside the result, on stderr. */
  note(text: string): void;
  /** Replaces what happens when nobody reads what is printed any more, which is to end quietly. */
  whenUnread(act: () => void): void;
}

/** The terminal of this process. */
export function processTerminal(hasColour: boolean): Terminal {
  const { env, stdout, stderr } = process;
  // `polylog search … | head`: when head has enough, there is nobody left to print for, and that is no error.
  let unread = (): void => process.exit(EXIT.done);
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // EIO: the terminal itself is gone.
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
      if (stream === stdout) unread();
    });
  }
  return {
    environment: env,
    colours: colours(hasColour && takesColour(stdout, env)),
    noteColours: colours(hasColour && takesColour(stderr, env)),
    width: () => (stdout.isTTY ? stdout.columns || undefined : undefined),
    isWatched: stderr.isTTY === true,
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    whenUnread: (act) => {
      unread = act;
    },
  };
}
