import type { Problems } from "../../problems.ts";
import { LogFile } from "./log-file.ts";
import type { Rotation } from "./rotation.ts";

/** Milliseconds between two looks whether the file is still at its path. */
const LOOK = 50;
/** Milliseconds until a rotation that failed is tried again. */
const PAUSE = 1_000;
const NEWLINE = 10;

export interface RotatingFileOptions {
  readonly path: string;
  /** Never, when it is `undefined`. */
  readonly rotation: Rotation | undefined;
  /** Called when a file was moved aside. */
  readonly onRotated: (() => void) | undefined;
  readonly problems: Problems;
  readonly now: () => number;
}

/** A file that is moved aside when it is full or its time is over, and begun anew; also when somebody else does that. */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  readonly #file: LogFile;
  #period = 0;
  #lookAgain = 0;
  #rotateAgain = 0;
  /** The last write stopped within a line. */
  #isTorn = false;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
    this.#file = new LogFile(options.path);
  }

  /** Opens it again, wherever the path leads now. Throws what the file system says. */
  open(): void {
    this.#file.open();
    this.#period = this.#options.rotation?.period(this.#file.changed) ?? 0;
    this.#lookAgain = this.#options.now() + LOOK;
  }

  /**
   * Writes lines, as much of them as it can.
   *
   * @returns bytes that are written, and the error that stopped it, if one did
   */
  write(lines: Uint8Array): { readonly written: number; readonly error?: unknown } {
    let written = 0;
    try {
      const time = this.#options.now();
      if (!this.#file.isOpen) this.open();
      else if (time >= this.#lookAgain) this.#look(time);
      while (written < lines.length) {
        const rest = lines.subarray(written);
        const fitting = this.#fitting(rest, time);
        const done = this.#file.append(rest.subarray(0, fitting));
        written += done.written;
        if (done.written > 0) this.#isTorn = lines[written - 1] !== NEWLINE;
        if (done.error !== undefined) return { written, error: done.error };
      }
      return { written };
    } catch (error) {
      return { written, error };
    }
  }

  close(): void {
    this.#file.close();
  }

  /** Bytes of whole lines that go into the file, which is begun anew if need be. */
  #fitting(lines: Uint8Array, time: number): number {
    const { rotation } = this.#options;
    if (rotation === undefined) return lines.length;
    const isOver = rotation.period(time) !== this.#period;
    const room = rotation.maxSize - this.#file.size;
    if (!isOver && lines.length <= room) return lines.length;
    const fitting = isOver ? 0 : lines.lastIndexOf(NEWLINE, room - 1) + 1;
    if (fitting > 0 && room > 0) return fitting;
    if (this.#isTorn) return lines.indexOf(NEWLINE) + 1;
    if (this.#file.size > 0 && !this.#rotate(rotation, time)) return lines.length;
    this.#period = rotation.period(time);
    if (lines.length <= rotation.maxSize) return lines.length;
    // A line that is longer than a file may be gets a file of its own.
    const several = lines.lastIndexOf(NEWLINE, rotation.maxSize - 1) + 1;
    return several > 0 ? several : lines.indexOf(NEWLINE) + 1;
  }

  /** False when it can't be now; the file then grows on. */
  #rotate({ moveAside }: Rotation, time: number): boolean {
    if (time < this.#rotateAgain) return false;
    const { path, onRotated, problems } = this.#options;
    try {
      let isMoved = false;
      const isDone = moveAside(path, () => {
        isMoved = this.#file.isInPlace();
        return isMoved;
      });
      if (!isDone) {
        this.#rotateAgain = time + LOOK;
        return false;
      }
      this.open();
      if (isMoved) onRotated?.();
      return true;
    } catch (error) {
      this.#rotateAgain = time + PAUSE;
      problems.tell("POLYLOG_E_SINK", `${path} rotation`, `${path} can't be rotated and grows on: ${error}`);
      return false;
    }
  }

  /** Others may have moved or removed the file, added to it or emptied it. */
  #look(time: number): void {
    this.#lookAgain = time + LOOK;
    if (!this.#file.isInPlace()) this.open();
  }
}
