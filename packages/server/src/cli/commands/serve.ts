import { setTimeout as delay } from "node:timers/promises";
import { type Command, Option } from "commander";
import { type ConfigSources, loadConfig } from "../../config/config.ts";
import { flagOf, notesOf, SETTING_NAMES, type SettingName, settings } from "../../config/settings.ts";
import { version } from "../../version.ts";
import { type CommandContext, examples } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { greeting } from "../greeting.ts";
import { withPortHolder } from "../port-holder.ts";
import { untilTold } from "../stop-signal.ts";
import type { Terminal } from "../terminal.ts";
import { printableLine } from "../terminal-text.ts";

/** Milliseconds that an orderly stop may take: what waits is written, and the engine comes down. */
const STOP_LIMIT = 20_000;

export function define(command: Command, { terminal, finish }: CommandContext): void {
  command.usage("[flags]").allowExcessArguments(false);
  for (const name of SETTING_NAMES) command.addOption(optionOf(name));
  command.option("--config <FILE>", "file of settings (default: polylog.config.{json,mjs,js} here)");
  command.option("--no-color", "no colours; NO_COLOR and FORCE_COLOR are heeded, too");
  command.addHelpText(
    "after",
    examples(
      [
        ["polylog serve", "on http://127.0.0.1:4318 and, for gRPC, 4317"],
        ["polylog serve --port 0 --grpc-port off --data ./logs", "any free port, no gRPC, data here"],
        ["polylog serve --tail '/var/log/*.log'", "follow files, too"],
        ["polylog serve --receivers syslog:5514,gelf", "take in these protocols, too"],
        ["POLYLOG_AUTH_TOKEN=… polylog serve --host 0.0.0.0", "for the network"],
        ["polylog serve --engine clickhouse --clickhouse-url http://db:8123", "on a ClickHouse server"],
      ],
      "Every flag is a variable, too (--grpc-port is POLYLOG_GRPC_PORT), and a key of the file (grpcPort).",
      "Ctrl-C stops it in order, a second one at once.",
    ),
  );
  command.action(async (flags: Readonly<Record<string, unknown>>) => {
    finish(await serve(flags, terminal));
  });
}

function optionOf(name: SettingName): Option {
  const { argument, description, fallback } = notesOf(name);
  const byDefault = fallback ?? settings.shape[name].parse(undefined);
  return new Option(`${flagOf(name)} <${argument}>`, `${description} (default: ${byDefault})`);
}

async function serve(flags: ConfigSources["flags"] & object, terminal: Terminal): Promise<ExitCode> {
  const config = await loadConfig({
    flags,
    environment: terminal.environment,
    directory: process.cwd(),
    warn: (message) => terminal.note(message),
  });
  const { startServer } = await import("../../server.ts");
  const log = serverLog(terminal);
  return untilTold(async (told) => {
    const server = await startServer(config, { write: log.write }).catch(async (error: unknown) => {
      throw await withPortHolder(error);
    });
    terminal.print(greeting(config, server, version, terminal.colours));
    log.release();
    try {
      await Promise.race([told, failureOf(server.ready())]);
    } catch (error) {
      await inTime(server.stop());
      throw error;
    }
    terminal.note(terminal.noteColours.dim("Stopping. Ctrl-C again stops at once."));
    return (await inTime(server.stop())) ? EXIT.done : notStopped(terminal);
  });
}

/**
 * What the server warns of, for the terminal. Held back while it starts: a start that fails ends with its error,
 * and the same in the words of a log would only stand in its way.
 */
function serverLog(terminal: Terminal): { write(line: string): void; release(): void } {
  let held: string[] | undefined = [];
  return {
    write(line) {
      const text = printableLine(line);
      if (held) held.push(text);
      else terminal.note(text);
    },
    release() {
      for (const text of held ?? []) terminal.note(text);
      held = undefined;
    },
  };
}

/** Rejects when the work does, and never resolves: a server that is ready goes on. */
function failureOf(work: Promise<void>): Promise<never> {
  return new Promise((_, reject) => work.catch(reject));
}

/** Whether the work is done within the limit. */
async function inTime(work: Promise<void>): Promise<boolean> {
  const limit = new AbortController();
  const late = delay(STOP_LIMIT, false, { signal: limit.signal });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    limit.abort();
    await late.catch(() => {});
  }
}

function notStopped(terminal: Terminal): ExitCode {
  terminal.note(`The server has not stopped within ${STOP_LIMIT / 1000} s and is ended.`);
  return EXIT.fault;
}
