import { type Lock, lockDirectory } from "@polylog/engine";

/**
 * Keeps other servers, and a restore, out of the data directory: two servers with one spool would each delete what the
 * other has acknowledged, two with one number would give the same ids, and a restore puts another store in the place of
 * what it finds. The engine's own lock comes too late for that, or lies elsewhere.
 *
 * Rejects with `POLYLOG_E_ENGINE_DIRECTORY_LOCKED` when somebody has it.
 */
export function lockData(dataDirectory: string): Promise<Lock> {
  return lockDirectory(dataDirectory, "polylog-server.lock");
}
