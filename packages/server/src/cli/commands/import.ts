import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { PolylogError } from "../../errors.ts";
import { expandGlob, isGlob } from "../../files/glob.ts";
import { importFiles } from "../../files/import.ts";
import { timeZone } from "../../formats/time/zone.ts";
import { type CommandContext, examples } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { exitCodeOf, failureText, isInterruption } from "../failure.ts";
import { fileLine, labelOf, totalsLine } from "../import-report.ts";
import { untilInterrupted } from "../interrupt.ts";
import { progressDisplay } from "../progress.ts";
import { addServerFlags, clientOf, type ServerFlags, serverOf } from "../server-flags.ts";
import type { Terminal } from "../terminal.ts";
import { printableLine } from "../terminal-text.ts";

interface ImportFlags extends ServerFlags {
  readonly service?: string;
  readonly host?: string;
  readonly timeZone?: string;
}

export function define(command: Command, { terminal, finish }: CommandContext): void {
  command
    .usage("[flags] FILE…")
    .argument("<file...>", "log files, also .gz; - is standard input")
    .addOption(
      new Option("--service <NAME>", "whose records they are (default: guessed from the file's name)"),
    )
    .addOption(new Option("--host <NAME>", "where they come from (default: this machine)"))
    .addOption(new Option("--time-zone <ZONE>", "of times that name none (default: the machine's)"));
  addServerFlags(command);
  command.option("--no-color", "no colours; NO_COLOR and FORCE_COLOR are heeded, too");
  command.addHelpText(
    "after",
    examples(
      [
        ["polylog import /var/log/nginx/*.log*", "formats are found by themselves"],
        ["polylog import --service checkout app.log.gz", "under a name of your choice"],
        ["journalctl -o short-iso | polylog import -", "from a pipe"],
      ],
      "JSON lines, logfmt, syslog, nginx and Apache, dpkg, Python, log4j and Docker files are known; what is",
      "none of them becomes plain records. Stack traces are joined to their record.",
    ),
  );
  command.action(async (files: readonly string[], flags: ImportFlags) => {
    finish(await importAll(files, flags, terminal));
  });
}

async function importAll(
  words: readonly string[],
  flags: ImportFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const zone = timeZone(flags.timeZone ?? "local");
  const started = performance.now();
  const display = terminal.isWatched ? progressDisplay(process.stderr, terminal.noteColours) : undefined;
  const complain = (text: string): void => {
    display?.clear();
    terminal.note(text);
  };
  /** Records of files that are done, and of the one that is being read. */
  const records = { done: 0, current: 0 };
  const files = { done: 0, failed: 0 };
  let code: ExitCode = EXIT.done;
  try {
    await untilInterrupted(async (signal) => {
      // Without a server there is nothing to read files for: said at once, not after a minute of trying.
      await clientOf(flags, terminal).get("/status", {}, signal);
      const paths = await expandAll(words, complain);
      if (paths.includes("-") && process.stdin.isTTY) terminal.note("Reading what you type; Ctrl-D ends it.");
      await importFiles({
        ...serverOf(flags, terminal),
        ...(flags.service === undefined ? {} : { service: flags.service }),
        ...(flags.host === undefined ? {} : { host: flags.host }),
        files: paths,
        zone,
        signal,
        onWaiting: (reason) => complain(`${printableLine(reason)} Trying again…`),
        onProgress({ file, bytesRead, bytesTotal, records: current }) {
          records.current = current;
          display?.update({
            label: labelOf(file, files.done + files.failed + 1, paths.length),
            doneBytes: bytesRead,
            totalBytes: bytesTotal,
            records: records.done + current,
            elapsed: performance.now() - started,
          });
        },
        onFile(outcome) {
          records.current = 0;
          if ("error" in outcome) {
            files.failed++;
            complain(failureText(outcome.error, terminal.noteColours));
            return;
          }
          files.done++;
          records.done += outcome.records;
          display?.clear();
          terminal.print(fileLine(outcome));
        },
      });
    });
    if (files.failed > 0) code = EXIT.usage;
    else if (records.done === 0) code = EXIT.nothing;
  } catch (error) {
    code = exitCodeOf(error);
    display?.clear();
    if (!isInterruption(error)) terminal.note(failureText(error, terminal.noteColours));
    // Nothing was begun: there is nothing to sum up.
    if (records.done + records.current + files.done === 0) return code;
  }
  const elapsed = performance.now() - started;
  terminal.print(
    totalsLine({ records: records.done + records.current, files: files.done, failed: files.failed, elapsed }),
  );
  return code;
}

/** The files that the words name; globs are expanded where the shell has not done it. */
async function expandAll(words: readonly string[], complain: (text: string) => void): Promise<string[]> {
  const files: string[] = [];
  for (const word of words) {
    if (word === "-" || !isGlob(word) || existsSync(word)) files.push(word);
    else {
      const found = await expandGlob(word, (path, error) =>
        complain(`${printableLine(path)}: ${error.message}`),
      );
      if (found.length === 0) throw new PolylogError("POLYLOG_E_CONFIG", `No file is named like ${word}.`);
      files.push(...found);
    }
  }
  return files;
}
