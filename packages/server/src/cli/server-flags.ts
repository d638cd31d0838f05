import { type Command, Option } from "commander";
import { type Client, createClient, DEFAULT_SERVER } from "./client.ts";
import type { Terminal } from "./terminal.ts";

export interface ServerFlags {
  readonly server?: string;
  readonly authToken?: string;
}

/** Adds the flags that say which server is meant. */
export function addServerFlags(command: Command): Command {
  return command
    .addOption(new Option("--server <URL>", `the server (POLYLOG_SERVER; default ${DEFAULT_SERVER})`))
    .addOption(
      new Option("--auth-token <TOKEN>", "its token, if it asks for one (better: POLYLOG_AUTH_TOKEN)"),
    );
}

/** Where the server is that flags or environment name. */
export function serverOf(flags: ServerFlags, { environment }: Terminal): { server: string; token?: string } {
  const token = flags.authToken ?? (environment.POLYLOG_AUTH_TOKEN || undefined);
  const server = flags.server ?? (environment.POLYLOG_SERVER || DEFAULT_SERVER);
  return token === undefined ? { server } : { server, token };
}

/** A client of that server. */
export function clientOf(flags: ServerFlags, terminal: Terminal): Client {
  return createClient(serverOf(flags, terminal));
}
