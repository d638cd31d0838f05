import type { Command } from "commander";
import type { ExitCode } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** What the program gives to each command. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Takes the action's exit code. */
  readonly finish: (code: ExitCode) => void;
}

/** A command adds its flags, its help and its action to the command that the program has made. */
export type DefineCommand = (command: Command, context: CommandContext) => void;

/** Columns that every terminal has. */
const NARROW = 80;

/** What stands under a command's help: examples, then what else is to be known. */
export function examples(
  lines: readonly (readonly [command: string, meaning: string])[],
  ...notes: readonly string[]
): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const isNarrow = lines.every(([, meaning]) => width + meaning.length + 4 <= NARROW);
  return [
    "",
    "Examples:",
    ...lines.map(([command, meaning]) =>
      isNarrow ? `  ${command.padEnd(width)}  ${meaning}` : `  # ${meaning}\n  ${command}`,
    ),
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
}
