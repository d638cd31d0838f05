import type { Command } from "commander";
import { loadConfig } from "../../config/config.ts";
import { PolylogError } from "../../errors.ts";
import { type CommandContext, examples } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { untilInterrupted } from "../interrupt.ts";
import { sizeText } from "../size-text.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "../terminal-text.ts";

interface RestoreFlags {
  readonly data?: string;
  readonly replace?: boolean;
}

/** Milliseconds between two words on how far it is. */
const PERIOD = 2000;

export function define(command: Command, { terminal, finish }: CommandContext): void {
  command
    .usage("[flags] BACKUP")
    .argument("<backup>", "the folder of a backup, as `polylog backup` printed it")
    .option("--data <DIR>", "data directory to restore into, of a server that does not run (POLYLOG_DATA)")
    .option("--replace", "put aside what is there")
    .option("--no-color", "no colours; NO_COLOR and FORCE_COLOR are heeded, too");
  command.addHelpText(
    "after",
    examples(
      [
        ["polylog restore ./polylog-20261121-140000 --data ./data", "into a new directory"],
        ["polylog restore ./polylog-20261121-140000 --replace", "instead of what the server has stored"],
      ],
      "The backup is checked before anything is changed. An interrupted restore changes nothing.",
    ),
  );
  command.action(async (backup: string, flags: RestoreFlags) => {
    finish(await untilInterrupted((signal) => restore(backup, flags, terminal, signal)));
  });
}

async function restore(
  backup: string,
  flags: RestoreFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const config = await loadConfig({
    flags: flags.data === undefined ? {} : { data: flags.data },
    environment: terminal.environment,
    directory: process.cwd(),
    warn: (message) => terminal.note(message),
  });
  if (config.engine.kind !== "embedded") {
    throw new PolylogError("POLYLOG_E_CONFIG", "The store is a ClickHouse server of its own.", {
      remedy: "Restore it there: RESTORE DATABASE … FROM Disk(…), as ClickHouse's manual has it.",
    });
  }
  const { restoreBackup } = await import("../../backup/restore.ts");
  let told = 0;
  const { manifest, logs, spans, putAside } = await restoreBackup({
    backup,
    dataDirectory: config.dataDirectory,
    replaces: flags.replace === true,
    memoryBytes: config.engine.memoryLimit,
    log: SILENT,
    signal,
    onProgress(step, share) {
      if (performance.now() - told < PERIOD) return;
      told = performance.now();
      const words = step === "checking" ? "Checking the backup" : "Restoring";
      terminal.note(terminal.noteColours.dim(`${words}: ${Math.floor(share * 100)} %`));
    },
  });
  const count = (amount: number): string => amount.toLocaleString("en-US");
  terminal.print(
    `Restored ${count(logs)} records and ${count(spans)} spans of ${manifest.createdAt} (${sizeText(manifest.bytes)}) ` +
      `into ${printable(config.dataDirectory)}.`,
  );
  if (putAside !== null) terminal.note(`What was there is now ${printable(putAside)}.`);
  return EXIT.done;
}

const ignore = (): void => {};
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };
