import { hostname } from "node:os";
import type { Readable } from "node:stream";
import { LineAssembler } from "../formats/lines/line-assembler.ts";
import { type TimeZone, timeZone } from "../formats/time/zone.ts";
import type { LogRecord } from "../record/record.ts";
import { fileOrigin } from "./file-origin.ts";
import { openSource } from "./open-source.ts";
import type { RecordSink } from "./record-sink.ts";
import { createShipper, type ShipperOptions } from "./ship.ts";

/** How far an import is. */
export interface ImportProgress {
  readonly file: string;
  /** Bytes of the file read so far, as they lie on the disk. */
  readonly bytesRead: number;
  /** Bytes of the file; `undefined` for standard input. */
  readonly bytesTotal: number | undefined;
  /** Records committed so far. */
  readonly records: number;
}

/** What became of one file. */
export interface ImportedFile {
  readonly file: string;
  /** The format that most of its lines have. */
  readonly format: string;
  /** The share of lines that have it, 0 to 1. */
  readonly share: number;
  readonly records: number;
  /** Records whose lines showed their time and their level. */
  readonly withTime: number;
  readonly withLevel: number;
  readonly bytesRead: number;
  /** Bytes dropped from lines over 1 MiB. */
  readonly droppedBytes: number;
}

export interface ImportOptions {
  readonly sink: RecordSink;
  /** For times that name no zone; the machine's own by default. */
  readonly zone?: TimeZone;
  /** Instead of the guess from the file's name. */
  readonly service?: string;
  /** Instead of this machine's name. */
  readonly host?: string;
  readonly signal?: AbortSignal;
  readonly stdin?: Readable;
  /** Called about ten times a second. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Records of one batch: some 100 ms of work for the store. */
const BATCH_RECORDS = 10_000;
const BATCH_BYTES = 4 << 20;
const PROGRESS_INTERVAL = 100;

/**
 * Reads one file (or `-`, standard input) to its end and gives its records to the sink, batch by batch; holds
 * two batches at most.
 *
 * @throws PolylogError when the file can't be read, and whatever the sink rejects with
 * @example
 * await importFile("/var/log/dpkg.log", { sink: async (records) => console.log(records.length) });
 */
export async function importFile(file: string, options: ImportOptions): Promise<ImportedFile> {
  const { sink, signal, onProgress, zone = timeZone("local") } = options;
  const source = await openSource(file, options.stdin ?? process.stdin);
  const isStdin = file === "-";
  const origin = isStdin ? {} : fileOrigin(file);
  const assembler = new LineAssembler({
    zone,
    now: () => BigInt(Date.now()) * 1_000_000n,
    isFile: true,
    defaults: {
      ...origin,
      ...(options.service === undefined ? {} : { service: options.service }),
      host: options.host ?? hostname(),
    },
    ...(source.writtenAt === undefined ? {} : { writtenAt: source.writtenAt }),
  });
  const tally = { records: 0, withTime: 0, withLevel: 0 };
  let batch: LogRecord[] = [];
  let bytes = 0;
  /** The batch on its way: the next one is read meanwhile. */
  let sending: Promise<void> = Promise.resolve();
  let told = 0;

  const tell = (): void => {
    const { bytesRead, size: bytesTotal } = source;
    onProgress?.({ file, bytesRead, bytesTotal, records: tally.records });
  };
  const send = async (): Promise<void> => {
    await sending;
    if (batch.length === 0) return;
    const records = batch;
    sending = sink(records, bytes).then(() => {
      tally.records += records.length;
      for (const record of records) if (record.severityNumber > 0) tally.withLevel++;
    });
    // Its failure is thrown where it is awaited next.
    sending.catch(() => {});
    batch = [];
    bytes = 0;
  };

  for await (const chunk of source.chunks) {
    signal?.throwIfAborted();
    for (const record of assembler.push(chunk)) batch.push(record);
    bytes += chunk.length;
    if (batch.length >= BATCH_RECORDS || bytes >= BATCH_BYTES) await send();
    if (performance.now() - told > PROGRESS_INTERVAL) {
      told = performance.now();
      tell();
    }
  }
  for (const record of assembler.end()) batch.push(record);
  await send();
  await sending;
  tell();
  const { name: format, share } = assembler.format;
  return {
    file,
    format,
    share,
    ...tally,
    withTime: assembler.timedRecords,
    bytesRead: source.bytesRead,
    droppedBytes: assembler.droppedBytes,
  };
}

export interface ImportFilesOptions extends Omit<ImportOptions, "sink">, Omit<ShipperOptions, "receiver"> {
  /** Paths, or `-`. */
  readonly files: readonly string[];
  /** Called when a file is done, or has failed: the ones after it are imported all the same. */
  readonly onFile?: (outcome: ImportedFile | { readonly file: string; readonly error: Error }) => void;
}

/**
 * Imports files into a running server, one after the other.
 *
 * @returns what became of each; a file that failed is told to `onFile` and left out
 * @throws PolylogError when the server stays away or refuses
 */
export async function importFiles(options: ImportFilesOptions): Promise<ImportedFile[]> {
  const shipper = createShipper({ ...options, receiver: "file" });
  const imported: ImportedFile[] = [];
  try {
    for (const file of options.files) {
      let shippingError: unknown;
      const sink: RecordSink = async (records) => {
        try {
          await shipper.send(records);
        } catch (error) {
          shippingError = error;
          throw error;
        }
      };
      try {
        const outcome = await importFile(file, { ...options, sink });
        imported.push(outcome);
        options.onFile?.(outcome);
      } catch (error) {
        if (shippingError !== undefined || options.signal?.aborted) throw error;
        options.onFile?.({ file, error: error as Error });
      }
    }
  } finally {
    await shipper.close();
  }
  return imported;
}
