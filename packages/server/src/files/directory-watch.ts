import { type FSWatcher, watch } from "node:fs";

/** Watches are a scarce thing of the whole machine; directories beyond are seen by polling alone. */
const MAX_WATCHES = 256;

/**
 * Says when something happens in directories, as far as the system can tell: network file systems and full
 * inotify tables can't, so whoever uses it polls as well.
 */
export class DirectoryWatch {
  readonly #onChange: (isNameChange: boolean) => void;
  readonly #watchers = new Map<string, FSWatcher>();

  /** @param onChange told whether names have come or gone, rather than contents changed */
  constructor(onChange: (isNameChange: boolean) => void) {
    this.#onChange = onChange;
  }

  add(directory: string): void {
    if (this.#watchers.has(directory) || this.#watchers.size >= MAX_WATCHES) return;
    try {
      const watcher = watch(directory, { persistent: false }, (type) => this.#onChange(type === "rename"));
      watcher.on("error", () => this.#remove(directory));
      this.#watchers.set(directory, watcher);
    } catch {
      // Polling sees it, a second later.
    }
  }

  close(): void {
    for (const directory of [...this.#watchers.keys()]) this.#remove(directory);
  }

  #remove(directory: string): void {
    this.#watchers.get(directory)?.close();
    this.#watchers.delete(directory);
  }
}
