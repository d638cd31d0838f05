import { LogFile } from "./log-file.ts";
import type { Attempt } from "./patient-file.ts";

/** Milliseconds between two looks whether the file is still at its path. */
export const LOOK = 50;
const NEWLINE = 10;

export interface FollowedFileOptions {
  readonly path: string;
  readonly now: () => number;
}

/** A file that is begun anew when somebody else has moved or removed it. */
export class FollowedFile implements Attempt {
  protected readonly file: LogFile;
  readonly #now: () => number;
  #lookAgain = 0;
  /** The last write stopped within a line. */
  protected isTorn = false;

  constructor({ path, now }: FollowedFileOptions) {
    this.#now = now;
    this.file = new LogFile(path);
  }

  /** Opens it again, wherever the path leads now. Throws what the file system says. */
  open(): void {
    this.file.open();
    this.#lookAgain = this.#now() + LOOK;
  }

  /**
   * Writes lines, as much of them as it can.
   *
   * @returns bytes that are written, and the error that stopped it, if one did
   */
  write(lines: Uint8Array): { readonly written: number; readonly error?: unknown } {
    let written = 0;
    try {
      const time = this.#now();
      if (!this.file.isOpen) this.open();
      else if (time >= this.#lookAgain) this.#look(time);
      while (written < lines.length) {
        const rest = lines.subarray(written);
        const done = this.file.append(rest.subarray(0, this.fitting(rest, time)));
        written += done.written;
        if (done.written > 0) this.isTorn = lines[written - 1] !== NEWLINE;
        if (done.error !== undefined) return { written, error: done.error };
      }
      return { written };
    } catch (error) {
      return { written, error };
    }
  }

  close(): void {
    this.file.close();
  }

  /** Bytes of whole lines that go into the file. */
  protected fitting(lines: Uint8Array, _time: number): number {
    return lines.length;
  }

  /** Others may have moved or removed the file, added to it or emptied it. */
  #look(time: number): void {
    this.#lookAgain = time + LOOK;
    if (!this.file.isInPlace()) this.open();
  }
}
