import { type FileHandle, open } from "node:fs/promises";
import { LineAssembler, type LineAssemblerOptions } from "../formats/lines/line-assembler.ts";
import type { LogRecord } from "../record/record.ts";
import { type FileIdentity, identify, identityKey } from "./file-identity.ts";
import { fileOrigin } from "./file-origin.ts";
import { type Fingerprint, FULL_LENGTH, fingerprintOf, isSameFile } from "./fingerprint.ts";
import type { FileState } from "./follow-state.ts";

/** Bytes of one file that are read before it is the next one's turn. */
const READ_BYTES = 256 << 10;

/** Milliseconds. */
export interface FollowTimes {
  /** How long a record waits for lines that go on with it. */
  readonly flushAfter: number;
  /** How long a file that was moved away is read on: its writer may not have noticed yet. */
  readonly rotatedGrace: number;
  /** After how long without growth a file is closed, to be opened again when it grows. */
  readonly closeAfter: number;
}

export const FOLLOW_TIMES: FollowTimes = { flushAfter: 500, rotatedGrace: 30_000, closeAfter: 600_000 };

/**
 * One file that is read while it grows: by its inode, so that it stays the same when it is renamed, and from
 * its beginning again when it is truncated.
 */
export class FollowedFile {
  readonly identity: FileIdentity;
  /** Where it lay when it was found; its records keep that name. */
  readonly path: string;
  readonly #options: Omit<LineAssemblerOptions, "position" | "isFile">;
  readonly #times: FollowTimes;
  #handle: FileHandle | undefined;
  #assembler: LineAssembler;
  /** Up to where it has been read. */
  #position: number;
  /** Up to where its records have been committed. */
  #committed: number;
  #fingerprint: Fingerprint;
  #lastGrowth: number;
  /** Since when it doesn't lie at its path any more. */
  #movedAt: number | undefined;

  private constructor(
    path: string,
    identity: FileIdentity,
    options: Omit<LineAssemblerOptions, "position" | "isFile">,
    times: FollowTimes,
    start: { readonly offset: number; readonly fingerprint: Fingerprint },
  ) {
    this.path = path;
    this.identity = identity;
    this.#times = times;
    const { defaults } = options;
    this.#options = { ...options, defaults: { ...defaults, ...fileOrigin(path) } };
    this.#position = start.offset;
    this.#committed = start.offset;
    this.#fingerprint = start.fingerprint;
    this.#assembler = this.#newAssembler();
    this.#lastGrowth = performance.now();
  }

  /**
   * A file that goes on at `known`, if it is the one that is known there, or else at its beginning.
   *
   * @param at where it lies now, when that isn't `path`, by which it is known
   */
  static async open(
    path: string,
    identity: FileIdentity,
    known: Pick<FileState, "offset" | "fingerprint"> | undefined,
    options: Omit<LineAssemblerOptions, "position" | "isFile">,
    times: FollowTimes,
    at = path,
  ): Promise<FollowedFile> {
    const handle = await open(at, "r");
    try {
      const { size } = await handle.stat();
      const isKnown =
        known !== undefined && known.offset <= size && (await isSameFile(handle, known.fingerprint));
      const start = isKnown ? known : { offset: 0, fingerprint: { length: 0, hash: "" } };
      const file = new FollowedFile(path, identity, options, times, start);
      file.#handle = handle;
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** How far it has come, to go on from there another time. */
  get state(): FileState {
    const { device, inode } = this.identity;
    return { path: this.path, device, inode, offset: this.#committed, fingerprint: this.#fingerprint };
  }

  /** True when there are records that wait for lines that may go on with them. */
  get hasPending(): boolean {
    return this.#assembler.hasPending;
  }

  /** Looks whether it still lies at its path; true when it has just been moved away. */
  async notice(): Promise<boolean> {
    const there = await identify(this.path);
    const isThere = there !== undefined && identityKey(there) === identityKey(this.identity);
    if (isThere) {
      this.#movedAt = undefined;
      if (there.size !== this.#position && this.#handle === undefined)
        this.#handle = await open(this.path, "r");
      return false;
    }
    const isNew = this.#movedAt === undefined;
    this.#movedAt ??= performance.now();
    return isNew;
  }

  /** True when it was moved or deleted and nothing more is to be expected. */
  get isDone(): boolean {
    if (this.#movedAt === undefined) return false;
    if (this.#handle === undefined) return true;
    const since = Math.max(this.#movedAt, this.#lastGrowth);
    return performance.now() - since > this.#times.rotatedGrace && !this.hasPending;
  }

  /** Reads what has come, up to a limit; `hasMore` when there is more already. */
  async read(): Promise<{
    readonly records: LogRecord[];
    readonly bytes: number;
    readonly hasMore: boolean;
  }> {
    const handle = this.#handle;
    if (handle === undefined) return { records: [], bytes: 0, hasMore: false };
    const records: LogRecord[] = [];
    const { size } = await handle.stat();
    if (size !== this.#position && (await this.#wasRewritten(handle, size))) {
      records.push(...this.#assembler.flush());
      this.#position = 0;
      this.#fingerprint = { length: 0, hash: "" };
      this.#assembler = this.#newAssembler();
    }
    let bytes = 0;
    if (size > this.#position) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, size - this.#position));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#position);
      bytes = bytesRead;
      this.#position += bytesRead;
      this.#lastGrowth = performance.now();
      records.push(...this.#assembler.push(buffer.subarray(0, bytesRead)));
      if (this.#fingerprint.length < FULL_LENGTH) await this.#extendFingerprint(handle);
    } else {
      const idle = performance.now() - this.#lastGrowth;
      if (this.hasPending && idle >= this.#times.flushAfter) records.push(...this.#assembler.flush());
      if (idle > this.#times.closeAfter && !this.hasPending) await this.close();
    }
    return { records, bytes, hasMore: this.#position < size };
  }

  /** All records that were read are committed. */
  commit(): void {
    this.#committed = this.#assembler.consumed;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** Truncated, or truncated and written to beyond where we were, or another file under the same inode. */
  async #wasRewritten(handle: FileHandle, size: number): Promise<boolean> {
    return size < this.#position || !(await isSameFile(handle, this.#fingerprint));
  }

  async #extendFingerprint(handle: FileHandle): Promise<void> {
    const length = Math.min(FULL_LENGTH, this.#position);
    this.#fingerprint = (await fingerprintOf(handle, length)) ?? this.#fingerprint;
  }

  #newAssembler(): LineAssembler {
    return new LineAssembler({ ...this.#options, position: this.#position, isFile: true });
  }
}
