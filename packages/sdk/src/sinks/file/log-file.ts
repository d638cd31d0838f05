import { closeSync, fstatSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A file that is appended to, which others may append to, move or remove meanwhile. Opened with O_APPEND: what is
 * written in one call stays in one piece, whoever writes beside us.
 */
export class LogFile {
  readonly path: string;
  #descriptor: number | undefined;
  #inode = 0;
  #device = 0;
  /** Bytes in it, as far as we know. */
  size = 0;
  /** Milliseconds since 1970 of the last change before it was opened; of the opening if it was empty. */
  changed = 0;

  constructor(path: string) {
    this.path = path;
  }

  get isOpen(): boolean {
    return this.#descriptor !== undefined;
  }

  /**
   * Opens what is at the path now, or makes it, its directory too, and only then lets go of what was open.
   *
   * @throws what the file system says; the file that was open stays so
   */
  open(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const descriptor = openSync(this.path, "a");
    this.close();
    this.#descriptor = descriptor;
    const { ino, dev, size, mtimeMs } = fstatSync(descriptor);
    this.#inode = ino;
    this.#device = dev;
    this.size = size;
    this.changed = size === 0 ? Date.now() : mtimeMs;
  }

  /** True when the path leads to the file that is open. Learns what others have written to it. */
  isInPlace(): boolean {
    const found = statSync(this.path, { throwIfNoEntry: false });
    if (found === undefined || found.ino !== this.#inode || found.dev !== this.#device) return false;
    this.size = found.size;
    return true;
  }

  /**
   * Appends as much as it can.
   *
   * @returns bytes that are written, and the error that stopped it, if one did
   */
  append(bytes: Uint8Array): { readonly written: number; readonly error?: unknown } {
    let written = 0;
    try {
      while (written < bytes.length) {
        const count = writeSync(this.#descriptor!, bytes, written, bytes.length - written);
        written += count;
        this.size += count;
      }
      return { written };
    } catch (error) {
      return { written, error };
    }
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    try {
      closeSync(descriptor);
    } catch {
      // Nothing is in our hands that could get lost here: all writes have returned.
    }
  }
}
