import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { EngineError } from "../errors.ts";
import { processIdentity } from "./identity.ts";

interface Holder {
  readonly pid: number;
  readonly identity: string | null;
  readonly token: string;
}

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock file, also from a holder that is no more. ClickHouse locks its files as well, and reliably; this
 * lock comes first so that nothing in the directory is touched while somebody else uses it, and names who.
 */
export async function takeLock(file: string): Promise<Lock> {
  const mine: Holder = { pid: process.pid, identity: processIdentity(process.pid), token: randomUUID() };
  const draft = `${file}.${mine.token}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    // A stale lock is removed and tried for again; who loses that race finds a living holder the next time.
    for (let attempt = 0; ; attempt++) {
      if (await linked(draft, file)) return { release: () => release(file, mine) };
      const holder = await readHolder(file);
      if (holder !== null && isAlive(holder)) throw locked(file, holder);
      if (attempt === 10) throw locked(file, holder);
      await rm(file, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** The process that holds the lock file; null when none does. */
export async function lockHolder(file: string): Promise<number | null> {
  const holder = await readHolder(file);
  return holder !== null && isAlive(holder) ? holder.pid : null;
}

/** Puts the finished file in place in one step; false when there is one already. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function release(file: string, mine: Holder): Promise<void> {
  const holder = await readHolder(file);
  if (holder?.token === mine.token) await rm(file, { force: true });
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
    const { pid, identity, token } = parsed as Partial<Holder>;
    if (typeof pid !== "number" || typeof token !== "string") return null;
    return { pid, identity: typeof identity === "string" ? identity : null, token };
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  const identity = processIdentity(holder.pid);
  return identity !== null && identity === holder.identity;
}

function locked(file: string, holder: Holder | null): EngineError {
  const who = holder === null ? "another process" : `process ${holder.pid}`;
  return new EngineError("POLYLOG_E_ENGINE_DIRECTORY_LOCKED", `The directory is in use by ${who} (${file})`, {
    remedy: "Stop that process, or use another directory with --data.",
  });
}
