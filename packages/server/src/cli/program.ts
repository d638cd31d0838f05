import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import type { CommandContext, DefineCommand } from "./command.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { exitCodeOf, failureText, isInterruption } from "./failure.ts";
import { markNegations } from "./negation.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

interface CommandEntry {
  readonly usage: string;
  /** What the overview has in place of the usage; null when another command's line tells of it. */
  readonly overview?: string | null;
  readonly summary: string;
  /** Loads what the command needs, so that the others start without it. */
  readonly load?: () => Promise<{ readonly define: DefineCommand }>;
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  serve: {
    usage: "serve",
    summary: "start the server: pages, API and intake",
    load: () => import("./commands/serve.ts"),
  },
  search: {
    usage: "search QUERY",
    summary: "find records",
    load: () => import("./commands/search.ts"),
  },
  tail: {
    usage: "tail QUERY",
    summary: "watch records as they come",
    load: () => import("./commands/tail.ts"),
  },
  import: {
    usage: "import FILE…",
    summary: "take in log files",
    load: () => import("./commands/import.ts"),
  },
  run: {
    usage: "run -- COMMAND",
    summary: "run a program and ship what it prints",
    load: () => import("./commands/run.ts"),
  },
  backup: {
    usage: "backup",
    overview: "backup, restore",
    summary: "back up what a running server has stored; bring it back",
    load: () => import("./commands/backup.ts"),
  },
  restore: {
    usage: "restore BACKUP",
    overview: null,
    summary: "bring a backup back",
    load: () => import("./commands/restore.ts"),
  },
  version: { usage: "version", summary: "say which Polylog this is" },
};

/**
 * Runs the command line.
 *
 * @param words what follows the program's name
 * @returns the exit code
 */
export async function runProgram(words: readonly string[]): Promise<ExitCode> {
  const ours = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  const terminal = processTerminal(!ours.includes("--no-color"));
  let code: ExitCode = EXIT.done;
  const finish = (result: ExitCode): void => {
    code = result;
  };
  try {
    if (words.length === 0) {
      terminal.print(overview(terminal).trimEnd());
      return EXIT.done;
    }
    const program = await buildProgram(words, { terminal, finish });
    await program.parseAsync(markNegations(words), { from: "user" });
    return code;
  } catch (error) {
    // Commander has said already what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!isInterruption(error)) terminal.note(failureText(error, terminal.noteColours));
    return exitCodeOf(error);
  }
}

async function buildProgram(words: readonly string[], context: CommandContext): Promise<Command> {
  const { terminal } = context;
  const program = new Command("polylog");
  configure(program, terminal);
  // What follows `run`'s command belongs to that command.
  program.enablePositionalOptions();
  program.version(version, "-V, --version", "say which Polylog this is").helpInformation = () =>
    overview(terminal);

  const chosen = words.find((word) => !word.startsWith("-") && word !== "help");
  for (const [name, entry] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(capitalized(entry.summary));
    configure(command, terminal);
    if (name === "version") command.action(() => terminal.print(`polylog ${version}`));
    else if (name === chosen && entry.load) (await entry.load()).define(command, context);
  }
  return program;
}

function configure(command: Command, { noteColours }: Terminal): void {
  command
    .exitOverride()
    .helpOption("-h, --help", "show this")
    .configureHelp({ styleTitle: (title) => title, sortOptions: false })
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, `${noteColours.error("polylog:")} `)),
    })
    .showHelpAfterError(
      `See \`${command.name() === "polylog" ? "polylog" : `polylog ${command.name()}`} --help\`.`,
    );
}

/** What Polylog can do, in ten lines. */
function overview({ colours }: Terminal): string {
  const usages = Object.values(COMMANDS).flatMap(({ usage, summary, overview: told = usage }) =>
    told === null ? [] : [{ usage: `polylog ${told}`, summary }],
  );
  const width = Math.max(...usages.map(({ usage }) => usage.length));
  return [
    `${colours.bold("Polylog")} ${version}: one log for every runtime.`,
    "",
    ...usages.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${colours.dim(summary)}`),
    "`polylog COMMAND --help` shows its flags and examples.",
    "",
  ].join("\n");
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
