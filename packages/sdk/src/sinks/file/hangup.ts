/** What the files of this process do on SIGHUP. One listener for all: Node warns of more than ten. */
const reopens = new Set<() => void>();

function onHangup(): void {
  for (const reopen of reopens) reopen();
}

/**
 * Calls `reopen` on SIGHUP, which tools such as logrotate send when they have moved a file.
 *
 * @returns takes it back
 */
export function onSighup(reopen: () => void): () => void {
  if (reopens.size === 0) process.on("SIGHUP", onHangup);
  reopens.add(reopen);
  return () => {
    reopens.delete(reopen);
    if (reopens.size === 0) process.removeListener("SIGHUP", onHangup);
  };
}
