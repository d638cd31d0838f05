import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import type { BackupResponse, BackupsResponse } from "../../contract/index.ts";
import { PolylogError } from "../../errors.ts";
import type { Client } from "../client.ts";
import { type CommandContext, examples } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { untilInterrupted } from "../interrupt.ts";
import { addServerFlags, clientOf, type ServerFlags } from "../server-flags.ts";
import { sizeText } from "../size-text.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "../terminal-text.ts";

interface BackupFlags extends ServerFlags {
  readonly list?: boolean;
  readonly json?: boolean;
}

/** Milliseconds between two looks at how far it is. */
const PERIOD = 300;

export function define(command: Command, { terminal, finish }: CommandContext): void {
  command
    .usage("[flags]")
    .allowExcessArguments(false)
    .option("--list", "list the backups that are there instead")
    .option("--json", "one object a line");
  addServerFlags(command);
  command.option("--no-color", "no colours; NO_COLOR and FORCE_COLOR are heeded, too");
  command.addHelpText(
    "after",
    examples(
      [
        ["polylog backup", "back up everything the running server has stored"],
        ["polylog backup --list", "the backups that are there"],
      ],
      "The server writes it, while records come in, into the folder that `serve --backups` names (by default",
      "`backups` in its data directory). What is printed is the new backup's own folder: copy it elsewhere, and bring",
      "it back with `polylog restore`.",
    ),
  );
  command.action(async (flags: BackupFlags) => {
    finish(await untilInterrupted((signal) => backup(flags, terminal, signal)));
  });
}

async function backup(flags: BackupFlags, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const client = clientOf(flags, terminal);
  if (flags.list) return list(client, flags, terminal, signal);
  let state = (await client.post("/backups", {}, signal)) as BackupResponse;
  terminal.note(
    terminal.noteColours.dim(`Writing ${printable(state.path)}. Ctrl-C leaves it to the server.`),
  );
  while (state.state === "running") {
    await delay(PERIOD, undefined, { signal });
    state = (await client.get(`/backups/${state.name}`, {}, signal)) as BackupResponse;
  }
  if (state.state === "failed") {
    throw new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", `The backup failed: ${state.error}`, {
      remedy: "Nothing of it is left. The server's log says more.",
    });
  }
  if (flags.json) terminal.print(JSON.stringify(state));
  else {
    terminal.note(`Done: ${sizeText(state.bytes)}.`);
    terminal.print(printable(state.path));
  }
  return EXIT.done;
}

async function list(
  client: Client,
  flags: BackupFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { backups, directory } = (await client.get("/backups", {}, signal)) as BackupsResponse;
  for (const one of backups) {
    const { createdAt, bytes, path, state } = one;
    const size = state === "done" ? sizeText(bytes) : state;
    terminal.print(
      flags.json ? JSON.stringify(one) : `${createdAt}  ${size.padStart(8)}  ${printable(path)}`,
    );
  }
  if (backups.length === 0) terminal.note(`There is no backup in ${printable(directory)}.`);
  return backups.length === 0 ? EXIT.nothing : EXIT.done;
}
