import { type FSWatcher, readFile, readFileSync, unwatchFile, watch, watchFile } from "node:fs";
import { basename, dirname } from "node:path";

/** Milliseconds between two looks at file systems that don't tell of changes. */
const INTERVAL = 2_000;
/** What Kubernetes swaps in a directory of configuration: its files are links through it. */
const SWAPPED = "..data";

/** Calls `onChange` with the text of a file, at once and whenever it changes. Keeps no process alive. */
export function watchTextFile(
  path: string,
  onChange: (text: string) => void,
  onError: (error: unknown) => void,
  interval = INTERVAL,
): () => void {
  const file = basename(path);
  let last: string | undefined;
  let isStopped = false;
  const take = (text: string) => {
    if (text === last) return;
    last = text;
    onChange(text);
  };
  const look = () => {
    readFile(path, "utf8", (error, text) => {
      if (isStopped) return;
      if (error === null) take(text);
      else onError(error);
    });
  };
  let watcher: FSWatcher | undefined;
  try {
    // Editors and orchestrators replace the file: it is its directory that tells.
    watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      // Others change there too, such as the log. Not all systems tell the name.
      if (name === null || name === file || name === SWAPPED) look();
    });
    watcher.on("error", () => watcher?.close());
  } catch {
    // The directory isn't there yet: the interval finds the file.
  }
  watchFile(path, { persistent: false, interval }, look);
  try {
    // Before anything is logged, and when no change is missed any more. Short programs have no second turn.
    take(readFileSync(path, "utf8"));
  } catch (error) {
    onError(error);
  }
  return () => {
    isStopped = true;
    watcher?.close();
    unwatchFile(path, look);
  };
}
