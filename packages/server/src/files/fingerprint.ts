import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

/** What a file begins with, by which it is known again: inode numbers are given to new files after a while. */
export interface Fingerprint {
  /** How many bytes it covers; a file that is shorter than {@link FULL_LENGTH} has a shorter one. */
  readonly length: number;
  readonly hash: string;
}

export const FULL_LENGTH = 256;

/** The fingerprint of the first `length` bytes, `undefined` when the file is shorter. */
export async function fingerprintOf(file: FileHandle, length: number): Promise<Fingerprint | undefined> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, 0);
  if (bytesRead < length) return undefined;
  return { length, hash: createHash("sha256").update(bytes).digest("hex").slice(0, 32) };
}

/** True when the file still begins as it did. */
export async function isSameFile(file: FileHandle, known: Fingerprint): Promise<boolean> {
  if (known.length === 0) return true;
  return (await fingerprintOf(file, known.length))?.hash === known.hash;
}
