import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UTC } from "../formats/time/zone.ts";
import type { LogRecord } from "../record/record.ts";
import { type ImportOptions, type ImportProgress, importFile } from "./import.ts";

let directory: string;
let records: LogRecord[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-import-"));
  records = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `2026-11-21T10:00:00Z INFO line ${n}\n`).join("");

async function importText(name: string, content: string | Buffer, options: Partial<ImportOptions> = {}) {
  const file = join(directory, name);
  await writeFile(file, content);
  return importFile(file, { sink: async (batch) => void records.push(...batch), zone: UTC, ...options });
}

describe("what is imported", () => {
  test("a file, with its place, its service and its format", async () => {
    const outcome = await importText("shop.log", "2026-11-21T10:00:00Z WARN slow\nplain\n", { host: "web1" });
    expect(outcome).toEqual({
      ...{ file: join(directory, "shop.log"), format: "timestamped", share: 0.5, records: 2, withTime: 1 },
      ...{ withLevel: 1, bytesRead: 37, droppedBytes: 0 },
    });
    expect(records[0]).toMatchObject({ body: "slow", resource: { serviceName: "shop", host: "web1" } });
    expect(records[0]!.attributes).toEqual([
      ...["log.file.path", join(directory, "shop.log"), "log.file.name", "shop.log"],
    ]);
  });

  test("a compressed file, whatever its name", async () => {
    const outcome = await importText("shop.log.1", gzipSync(lines(1000)));
    expect(outcome).toMatchObject({ records: 1000, bytesRead: gzipSync(lines(1000)).length });
  });

  test("two compressed files in one, as cat makes them", async () => {
    await importText("a.gz", Buffer.concat([gzipSync(lines(2)), gzipSync(lines(3))]));
    expect(records).toHaveLength(5);
  });

  test("standard input", async () => {
    const outcome = await importFile("-", {
      sink: async (batch) => void records.push(...batch),
      stdin: Readable.from(["level=info msg=a\nlevel=", "warn msg=b"]),
    });
    expect(outcome).toMatchObject({ file: "-", format: "logfmt", records: 2 });
    expect(records.map((record) => [record.body, record.attributes])).toEqual([
      ["a", []],
      ["b", []],
    ]);
  });

  test("times without a year by when the file was written", async () => {
    const file = join(directory, "messages");
    await writeFile(file, "Dec 31 23:59:59 web1 sshd[1]: a\nJan  1 00:00:01 web1 sshd[1]: b\n");
    await utimes(file, new Date("2025-01-02"), new Date("2025-01-02"));
    await importFile(file, { sink: async (batch) => void records.push(...batch), zone: UTC });
    expect(records.map((record) => new Date(Number(record.timestamp / 1_000_000n)).toISOString())).toEqual([
      "2024-12-31T23:59:59.000Z",
      "2025-01-01T00:00:01.000Z",
    ]);
  });

  test("under another name when told", async () => {
    await importText("a.log", lines(1), { service: "shop" });
    expect(records[0]!.resource.serviceName).toBe("shop");
  });
});

describe("what is refused", () => {
  test.each([
    ["wtmp", Buffer.from([7, 0, 0, 0, 1]), "is not a text file"],
    ["a.xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), "is compressed by xz"],
    ["a.gz", gzipSync(lines(5000)).subarray(0, 900), "can't be read to its end"],
  ])("%s", async (name, content, message) => {
    await expect(importText(name, content)).rejects.toThrow(message);
  });

  test("a file that isn't there, and a directory", async () => {
    const sink = async () => {};
    await expect(importFile(join(directory, "no.log"), { sink })).rejects.toMatchObject({
      code: "POLYLOG_E_NOT_FOUND",
    });
    await expect(importFile(directory, { sink })).rejects.toMatchObject({ code: "POLYLOG_E_BAD_REQUEST" });
  });

  test("what the sink rejects with ends it", async () => {
    const error = new Error("full");
    await expect(importText("a.log", lines(3), { sink: () => Promise.reject(error) })).rejects.toBe(error);
  });
});

test("reads no further ahead than the sink takes", async () => {
  const size = 24 << 20;
  const content = "level=info msg=x\n".repeat(size / 17);
  const waiting: (() => void)[] = [];
  let progress: ImportProgress | undefined;
  const done = importText("big.log", content, {
    sink: () => new Promise((resolve) => waiting.push(resolve)),
    onProgress: (told) => {
      progress = told;
    },
  });
  await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(1);
  let isDone = false;
  void done.then(() => {
    isDone = true;
  });
  // Two batches of 10,000 records, and what the stream holds.
  expect(progress?.bytesRead ?? 0).toBeLessThan(4 << 20);
  await expect
    .poll(
      () => {
        while (waiting.length > 0) waiting.pop()!();
        return isDone;
      },
      { timeout: 30_000, interval: 1 },
    )
    .toBe(true);
  expect(progress).toMatchObject({ bytesRead: content.length, bytesTotal: content.length });
  expect((await done).records).toBe(Math.floor(size / 17));
});

test("ends when it is told to", async () => {
  const abort = new AbortController();
  const done = importText("a.log", lines(300_000), {
    signal: abort.signal,
    sink: async () => abort.abort(),
  });
  await expect(done).rejects.toMatchObject({ name: "AbortError" });
});
