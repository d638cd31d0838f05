import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Logger } from "../log.ts";
import { isAbsent } from "./glob.ts";

/** How far a file has been read. */
export interface FileState {
  readonly path: string;
  /** Decimal text: device and inode numbers may be beyond 2^53. */
  readonly device: string;
  readonly inode: string;
  /** All bytes before it are in records that have been committed. */
  readonly offset: number;
  readonly fingerprint: { readonly length: number; readonly hash: string };
}

const VERSION = 1;
const schema = z.object({
  version: z.literal(VERSION),
  files: z.array(
    z.object({
      path: z.string(),
      device: z.string(),
      inode: z.string(),
      offset: z.number().int().nonnegative(),
      fingerprint: z.object({ length: z.number().int().nonnegative(), hash: z.string() }),
    }),
  ),
});

/** Where following left off, in `followed-files.json` in a directory. */
export class FollowState {
  readonly #file: string;
  #saved = "";

  constructor(directory: string) {
    this.#file = join(directory, "followed-files.json");
  }

  /** What was saved last. Damage is told, and then all files are new: better twice than never. */
  async load(log: Logger): Promise<readonly FileState[]> {
    try {
      this.#saved = await readFile(this.#file, "utf8");
      return schema.parse(JSON.parse(this.#saved)).files;
    } catch (error) {
      if (!isAbsent(error)) {
        log.warn("the state of followed files can't be read: they are read from their beginning", {
          file: this.#file,
          error: String(error),
        });
      }
      return [];
    }
  }

  /** Replaces what was saved, in one step. */
  async save(files: readonly FileState[]): Promise<void> {
    const text = JSON.stringify({ version: VERSION, files }, null, 1);
    if (text === this.#saved) return;
    const draft = `${this.#file}.tmp`;
    try {
      await writeFile(draft, text, { mode: 0o600 });
    } catch (error) {
      if (!isAbsent(error)) throw error;
      await mkdir(join(this.#file, ".."), { recursive: true });
      await writeFile(draft, text, { mode: 0o600 });
    }
    await rename(draft, this.#file);
    this.#saved = text;
  }
}
