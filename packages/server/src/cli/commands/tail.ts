import { type Command, InvalidArgumentError, Option } from "commander";
import type { TailRows } from "../../contract/api.ts";
import { asking } from "../asking.ts";
import { type CommandContext, examples } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { follow } from "../follow.ts";
import { queryOf } from "../negation.ts";
import { addOutputFlags, type OutputFlags, recordFormatter } from "../record-output.ts";
import { addServerFlags, clientOf, type ServerFlags } from "../server-flags.ts";
import type { Terminal } from "../terminal.ts";

interface TailFlags extends ServerFlags, OutputFlags {
  readonly backlog: number;
  readonly rate: number;
}

/** Milliseconds between two notes about records that were left out. */
const NOTE_INTERVAL = 5_000;

export function define(command: Command, { terminal, finish }: CommandContext): void {
  command
    .usage("[flags] [QUERY…]")
    .argument("[query...]", "which records; all when left out")
    .addOption(
      new Option("-n, --backlog <COUNT>", "begin with so many that are there already")
        .argParser(numberIn(0, 1000))
        .default(10),
    )
    .addOption(
      new Option("--rate <COUNT>", "above so many a second, show an even sample")
        .argParser(numberIn(1, 1000))
        .default(1000),
    );
  addOutputFlags(command);
  addServerFlags(command);
  command.addHelpText(
    "after",
    examples(
      [
        ["polylog tail", "everything as it comes"],
        ["polylog tail 'level:>=warn' -n 50", "warnings and worse, after the last 50"],
        ["polylog tail service:checkout -path:/health", "one service without its health checks"],
        ["polylog tail --json | jq -r .body", "for programs"],
      ],
      "Ctrl-C ends it. When the server goes away, it waits and goes on where it was.",
    ),
  );
  command.action(async (words: readonly string[], flags: TailFlags) => {
    finish(await tail(queryOf(words), flags, terminal));
  });
}

function numberIn(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,7}$/.test(text) ? Number(text) : -1;
    if (count >= least && count <= most) return count;
    throw new InvalidArgumentError(`It has to be a number from ${least} to ${most}.`);
  };
}

async function tail(query: string, flags: TailFlags, terminal: Terminal): Promise<ExitCode> {
  const format = recordFormatter(flags, terminal);
  const { dim } = terminal.noteColours;
  let noted = 0;
  const listener = {
    rows({ rows, matched }: TailRows): void {
      if (rows.length > 0) terminal.print(rows.map(format).join("\n"));
      const now = Date.now();
      if (matched <= rows.length || now - noted < NOTE_INTERVAL) return;
      noted = now;
      terminal.note(dim(`Too many to show: ${rows.length} of ${matched} records, evenly chosen.`));
    },
    note: (text: string): void => terminal.note(dim(text)),
  };
  const client = clientOf(flags, terminal);
  const code = await asking(query, terminal, async (signal) => {
    await follow(client, { query, backlog: flags.backlog, rate: flags.rate }, signal, listener);
    return EXIT.done;
  });
  // Ctrl-C is how a tail ends.
  return code === EXIT.interrupted ? EXIT.done : code;
}
