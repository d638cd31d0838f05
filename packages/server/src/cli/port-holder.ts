import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { PolylogError } from "../errors.ts";
import { printableLine } from "./terminal-text.ts";

export interface PortHolder {
  readonly pid: number;
  /** Its command line, at most 80 characters. */
  readonly command: string;
}

/** `st` of a socket that listens. Source: Linux, include/net/tcp_states.h. */
const LISTEN = "0A";

/** The error as it is; when it is about a port in use, with the name of the program that has the port. */
export async function withPortHolder(error: unknown, holderOf = portHolder): Promise<unknown> {
  if (!(error instanceof PolylogError) || error.code !== "POLYLOG_E_PORT_IN_USE") return error;
  const { message, cause, remedy, port } = error;
  const holder = port === undefined ? undefined : await holderOf(port);
  if (port === undefined || holder === undefined) return error;
  const by = `by process ${holder.pid} (${printableLine(holder.command)})`;
  return new PolylogError(error.code, `${message.replace(/\.$/, "")} ${by}.`, {
    cause,
    port,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/**
 * The process that listens on a TCP port, as far as this user may know; undefined elsewhere than on Linux.
 *
 * Source: proc(5), `/proc/net/tcp` and `/proc/PID/fd`.
 */
export async function portHolder(port: number, proc = "/proc"): Promise<PortHolder | undefined> {
  const sockets = new Set<string>();
  for (const table of ["tcp", "tcp6"]) {
    const text = await readFile(join(proc, "net", table), "utf8").catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === LISTEN && Number.parseInt(local.slice(local.indexOf(":") + 1), 16) === port) {
        sockets.add(`socket:[${inode}]`);
      }
    }
  }
  if (sockets.size === 0) return undefined;
  for (const entry of await readdir(proc).catch(() => [])) {
    if (!/^\d+$/.test(entry)) continue;
    const directory = join(proc, entry, "fd");
    for (const descriptor of await readdir(directory).catch(() => [])) {
      if (!sockets.has(await readlink(join(directory, descriptor)).catch(() => ""))) continue;
      const command = await readFile(join(proc, entry, "cmdline"), "utf8").catch(() => "");
      return { pid: Number(entry), command: command.replaceAll("\0", " ").trim().slice(0, 80) };
    }
  }
  return undefined;
}
