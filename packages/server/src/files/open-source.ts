import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { PolylogError } from "../errors.ts";

/** A file, or standard input, ready to be read. */
export interface ByteSource {
  /** The bytes, decompressed. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Bytes of it as it lies on the disk; `undefined` when it can't be known. */
  readonly size: number | undefined;
  /** How many of them have been read. */
  readonly bytesRead: number;
  /** When it was last written, milliseconds since 1970; `undefined` when it is being written. */
  readonly writtenAt: number | undefined;
}

const CHUNK = 256 << 10;

/**
 * Opens a log file, compressed by gzip or not (its first bytes tell), or standard input for `-`.
 *
 * @throws PolylogError `POLYLOG_E_NOT_FOUND` when it isn't there, `POLYLOG_E_BAD_REQUEST` when it can't be read
 * or isn't text
 */
export async function openSource(path: string, stdin: Readable): Promise<ByteSource> {
  if (path === "-") return streamSource(stdin);
  const { size, writtenAt, head } = await inspect(path);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const compression = COMPRESSIONS.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
  if (compression !== undefined) {
    throw unreadable(
      path,
      `is compressed by ${compression.name}`,
      `Pipe it: ${compression.name} -dc FILE | polylog import -`,
    );
  }
  if (!isGzip && isBinary(head))
    throw unreadable(path, "is not a text file", "Polylog imports text and JSON.");
  const file = createReadStream(path, { highWaterMark: CHUNK });
  const chunks = isGzip ? file.pipe(createGunzip({ chunkSize: CHUNK })) : file;
  if (isGzip) file.on("error", (error) => chunks.destroy(error));
  return {
    chunks: guarded(chunks, path),
    size,
    writtenAt,
    get bytesRead() {
      return file.bytesRead;
    },
  };
}

const COMPRESSIONS = [
  { name: "xz", magic: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]) },
  { name: "zstd", magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) },
  { name: "bzip2", magic: Buffer.from("BZh") },
] as const;

async function inspect(path: string) {
  try {
    const file = await open(path, "r");
    try {
      const { size, mtimeMs } = await file.stat();
      const head = Buffer.alloc(4096);
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      return { size, writtenAt: mtimeMs, head: head.subarray(0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code, message } = cause as { code?: unknown; message: string };
    if (code === "ENOENT") {
      throw new PolylogError("POLYLOG_E_NOT_FOUND", `There is no file ${path}.`, { cause });
    }
    const remedy = code === "EACCES" ? "Run it as a user who may read the file." : "Give a file.";
    throw unreadable(path, `can't be read: ${message}`, remedy, cause);
  }
}

/** Text has no zeros, but a file that was truncated under its writer begins with a hole of them. */
function isBinary(head: Buffer): boolean {
  const text = head.subarray(
    Math.max(
      0,
      head.findIndex((byte) => byte !== 0),
    ),
  );
  return text.includes(0);
}

async function* guarded(chunks: Readable, path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of chunks) yield chunk as Buffer;
  } catch (cause) {
    throw unreadable(path, `can't be read to its end: ${(cause as Error).message}`, "Is it damaged?", cause);
  }
}

function streamSource(stream: Readable): ByteSource {
  let bytesRead = 0;
  async function* count(): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as string);
      bytesRead += bytes.length;
      yield bytes;
    }
  }
  return {
    chunks: count(),
    size: undefined,
    writtenAt: undefined,
    get bytesRead() {
      return bytesRead;
    },
  };
}

function unreadable(path: string, what: string, remedy: string, cause?: unknown): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `${path} ${what}.`, { cause, remedy });
}
