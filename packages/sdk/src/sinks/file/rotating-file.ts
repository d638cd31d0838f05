import type { Problems } from "../../problems.ts";
import { FollowedFile, type FollowedFileOptions, LOOK } from "./followed-file.ts";
import { moveAside } from "./move-aside.ts";
import type { Rotation } from "./rotation.ts";

/** Milliseconds until a rotation that failed is tried again. */
const PAUSE = 1_000;
const NEWLINE = 10;

export interface RotatingFileOptions extends FollowedFileOptions {
  readonly rotation: Rotation;
  /** Called when a file was moved aside. */
  readonly onRotated: () => void;
  readonly problems: Problems;
}

/** A file that is moved aside when it is full or its time is over, and begun anew; also when somebody else does that. */
export class RotatingFile extends FollowedFile {
  readonly #options: RotatingFileOptions;
  #period = 0;
  #rotateAgain = 0;

  constructor(options: RotatingFileOptions) {
    super(options);
    this.#options = options;
  }

  override open(): void {
    super.open();
    this.#period = this.#options.rotation.period(this.file.changed);
  }

  /** Bytes of whole lines that go into the file, which is begun anew if need be. */
  protected override fitting(lines: Uint8Array, time: number): number {
    const { rotation } = this.#options;
    const isOver = rotation.period(time) !== this.#period;
    const room = rotation.maxSize - this.file.size;
    if (!isOver && lines.length <= room) return lines.length;
    const fitting = isOver ? 0 : lines.lastIndexOf(NEWLINE, room - 1) + 1;
    if (fitting > 0 && room > 0) return fitting;
    if (this.isTorn) return lines.indexOf(NEWLINE) + 1;
    if (this.file.size > 0 && !this.#rotate(time)) return lines.length;
    this.#period = rotation.period(time);
    if (lines.length <= rotation.maxSize) return lines.length;
    // A line that is longer than a file may be gets a file of its own.
    const several = lines.lastIndexOf(NEWLINE, rotation.maxSize - 1) + 1;
    return several > 0 ? several : lines.indexOf(NEWLINE) + 1;
  }

  /** False when it can't be now; the file then grows on. */
  #rotate(time: number): boolean {
    if (time < this.#rotateAgain) return false;
    const { path, onRotated, problems } = this.#options;
    try {
      let isMoved = false;
      const isDone = moveAside(path, () => {
        isMoved = this.file.isInPlace();
        return isMoved;
      });
      if (!isDone) {
        this.#rotateAgain = time + LOOK;
        return false;
      }
      this.open();
      if (isMoved) onRotated();
      return true;
    } catch (error) {
      this.#rotateAgain = time + PAUSE;
      problems.tell("POLYLOG_E_SINK", `${path} rotation`, `${path} can't be rotated and grows on: ${error}`);
      return false;
    }
  }
}
