import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Logger } from "../log.ts";
import { openAside } from "./aside.ts";
import type { SpooledBatch } from "./frame.ts";
import { openSpool, type Spool, type SpoolOptions } from "./spool.ts";

let directory: string;
let told: string[];
const spools: Spool[] = [];
const log: Logger = {
  debug() {},
  info: (message) => told.push(`info ${message}`),
  warn: (message) => told.push(`warn ${message}`),
  error: (message) => told.push(`error ${message}`),
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-spool-"));
  told = [];
});
afterEach(async () => {
  for (const spool of spools.splice(0)) await spool.close();
  await rm(directory, { recursive: true, force: true });
});

async function open(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const aside = await openAside(join(directory, "aside"));
  const spool = await openSpool({ directory, maxBytes: 1 << 30, aside, log, reserve: 0, ...options });
  spools.push(spool);
  return spool;
}

function batch(number: number, bytes = 100): SpooledBatch {
  const block = [Buffer.alloc(bytes, number)];
  return {
    table: "otel_logs",
    columns: ["Body", "Events.Name", "Id"],
    token: `token-${number}`,
    rows: number,
    block,
  };
}

async function drain(spool: Spool): Promise<SpooledBatch[]> {
  const batches: SpooledBatch[] = [];
  for (let next = await spool.peek(); next !== undefined; next = await spool.peek()) {
    batches.push(next);
    await spool.shift();
  }
  return batches;
}

const files = async (): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name !== "aside").sort();
const fileOf = async (): Promise<string> => join(directory, (await files())[0]!);

describe("a spool", () => {
  it("gives back what it was given, oldest first", async () => {
    const spool = await open();
    const batches = [batch(3), batch(1, 0), batch(2, 300_000)];
    for (const each of batches) await spool.append(each);
    expect(spool.statistics()).toMatchObject({ records: 6, batches: 3, spooledRecords: 6 });
    expect(await drain(spool)).toEqual(batches);
    expect(spool.statistics()).toMatchObject({ records: 0, batches: 0, bytes: 0, spooledRecords: 6 });
  });

  it("keeps aside what the store can't take, and tries it again when it is moved back", async () => {
    const spool = await open();
    const refused: SpooledBatch = {
      ...batch(5),
      only: [
        [1, 2],
        [3, 5],
      ],
    };
    const path = await spool.setAside(refused);
    expect(spool.statistics()).toMatchObject({ records: 0, aside: { batches: 1, records: 3 } });
    const again = await open();
    expect(again.statistics().aside).toEqual(spool.statistics().aside);
    await rename(path, join(directory, basename(path)));
    await rm(join(directory, "aside"), { recursive: true });
    const after = await open();
    expect(after.statistics()).toMatchObject({ records: 3, aside: { batches: 0, records: 0, bytes: 0 } });
    expect(await drain(after)).toEqual([refused]);
  });

  it("leaves no file behind when all is stored, and goes on in a new one", async () => {
    const spool = await open();
    await spool.append(batch(1));
    await drain(spool);
    expect(await files()).toEqual([]);
    expect(spool.isEmpty).toBe(true);
    await spool.append(batch(2));
    expect(await drain(spool)).toEqual([batch(2)]);
  });

  it("keeps what an earlier process left, before what comes", async () => {
    const before = await open();
    for (const number of [1, 2]) await before.append(batch(number));
    // As after a kill: it isn't closed.
    const after = await open();
    expect(after.statistics()).toMatchObject({ records: 3, batches: 2 });
    await after.append(batch(3));
    expect(await drain(after)).toEqual([batch(1), batch(2), batch(3)]);
  });

  it("goes on after a kill behind what was stored", async () => {
    const before = await open();
    for (const number of [1, 2, 3]) await before.append(batch(number));
    for (let times = 0; times < 2; times++) {
      await before.peek();
      await before.shift();
    }
    const after = await open();
    expect(after.statistics()).toMatchObject({ records: 3, batches: 1 });
    expect(await drain(after)).toEqual([batch(3)]);
    expect([told, await files()]).toEqual([[], []]);
  });

  it("says since when something waits, and of when the oldest of it is", async () => {
    let now = 1000;
    const spool = await open({ clock: () => now });
    expect(spool.statistics()).toMatchObject({ since: null, oldestAt: null });
    for (const number of [1, 2, 3]) {
      await spool.append(batch(number));
      now += 1000;
    }
    await spool.peek();
    await spool.shift();
    expect(spool.statistics()).toMatchObject({ since: 1000, oldestAt: 2000 });
    const after = await open();
    const { since, oldestAt } = after.statistics();
    expect([Math.abs(Date.now() - (since ?? 0)) < 60_000, oldestAt]).toEqual([true, since]);
    await drain(after);
    expect(after.statistics()).toMatchObject({ since: null, oldestAt: null });
  });

  it.skipIf(process.platform === "win32")("is for nobody else on the machine", async () => {
    const spool = await open({ directory: join(directory, "new", "spool") });
    await spool.append(batch(1));
    const within = join(directory, "new", "spool");
    const [name] = await readdir(within);
    const modes = await Promise.all([stat(within), stat(join(within, name!))]);
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(["700", "600"]);
  });

  it("is not opened when what it holds can't be read", async () => {
    const path = join(directory, "file");
    await writeFile(path, "no directory");
    await expect(open({ directory: path })).rejects.toThrow("ENOTDIR");
  });

  it("takes appends from many at once", async () => {
    const spool = await open();
    const batches = Array.from({ length: 500 }, (_, i) => batch(i % 200));
    await Promise.all(batches.map((each) => spool.append(each)));
    expect((await files()).length).toBe(10);
    expect(await drain(spool)).toEqual(batches);
    expect(await files()).toEqual([]);
  });

  it("gives the same batch again until it is let go", async () => {
    const spool = await open();
    await spool.append(batch(1));
    expect(await spool.peek()).toEqual(batch(1));
    expect(await spool.peek()).toEqual(batch(1));
  });
});

describe("what is damaged", () => {
  const damages: readonly (readonly [what: string, change: (bytes: Buffer) => Buffer, left: number[]])[] = [
    ["a flipped bit in a block", (bytes) => flipped(bytes, bytes.length * 0.5), [1, 3]],
    ["a flipped bit in the first head", (bytes) => flipped(bytes, 10), [2, 3]],
    ["a flipped bit in the first magic", (bytes) => flipped(bytes, 0), [2, 3]],
    ["a torn tail", (bytes) => bytes.subarray(0, bytes.length - 1), [1, 2]],
    [
      "a tail that is a few bytes of a head",
      (bytes) => Buffer.concat([bytes, bytes.subarray(0, 20)]),
      [1, 2, 3],
    ],
    ["a tail of zeros", (bytes) => Buffer.concat([bytes, Buffer.alloc(5000)]), [1, 2, 3]],
    ["nothing but noise", () => Buffer.from("not a spool at all"), []],
  ];
  it.each(damages)("is told and passed over: %s", async (_what, change, left) => {
    const before = await open();
    for (const number of [1, 2, 3]) await before.append(batch(number, 1000));
    await before.close();
    const path = await fileOf();
    await writeFile(path, change(await readFile(path)));

    const after = await open();
    expect((await drain(after)).map(({ rows }) => rows)).toEqual(left);
    expect(told).toEqual([expect.stringContaining("damaged")]);
    expect(after.statistics().damagedBytes).toBeGreaterThan(0);
    // Kept for somebody to look at.
    expect(await files()).toEqual([expect.stringMatching(/^0000000001-.{16}\.spool\.damaged$/)]);
    // Nor does the next one that is damaged take its place.
    const next = await open();
    await next.append(batch(4));
    expect(await files()).toEqual([expect.anything(), expect.stringMatching(/^0000000002-.{16}\.spool$/)]);
  });

  it.skipIf(process.platform !== "linux")("is a file that the disk can't read: others go on", async () => {
    const before = await open();
    await before.append(batch(1));
    await before.close();
    const spool = await open();
    await spool.append(batch(2));
    const path = await fileOf();
    await rm(path);
    // Nothing is mapped at address 0: reading there is an EIO as of a disk.
    await symlink("/proc/self/mem", path);
    expect(await drain(spool)).toEqual([batch(2)]);
    expect(told).toEqual([expect.stringContaining("the disk can't read a file of the spool")]);
    expect(spool.statistics()).toMatchObject({ records: 0, damagedBytes: expect.any(Number) });
    expect(spool.statistics().damagedBytes).toBeGreaterThan(100);
    expect(await files()).toEqual([expect.stringMatching(/^0000000001-.{16}\.spool\.damaged$/)]);
  });

  it("is not searched for what a sender made to look like a batch", async () => {
    const spool = await open();
    await spool.append(batch(9));
    const sent = await readFile(await fileOf());
    await drain(spool);
    await spool.append(batch(1));
    await spool.append({ ...batch(2), block: [sent, Buffer.alloc(100)] });
    await spool.close();
    const path = await fileOf();
    await writeFile(path, (await readFile(path)).subarray(0, -1));
    expect(await drain(await open())).toEqual([batch(1)]);
  });

  it("is an empty file of a process that was killed before it wrote", async () => {
    await writeFile(join(directory, "0000000007-0123456789abcdef.spool"), "");
    const spool = await open();
    await spool.append(batch(1));
    expect(await drain(spool)).toEqual([batch(1)]);
    expect(told).toEqual([]);
    expect(await files()).toEqual([]);
  });

  it("is no reason to take a batch for stored that is not", async () => {
    const before = await open();
    for (const number of [1, 2]) await before.append(batch(number, 1000));
    await before.peek();
    await before.shift();
    const path = await fileOf();
    // The length of the stored one, so that it would cover the next.
    await writeFile(path, flipped(await readFile(path), 13));
    expect(await drain(await open())).toEqual([batch(2, 1000)]);
  });

  it("is not a file of somebody else, which is told and let be", async () => {
    await writeFile(join(directory, "notes.txt"), "mine");
    const spool = await open();
    expect(await drain(spool)).toEqual([]);
    expect(told).toEqual([expect.stringContaining("is not the spool's")]);
    expect(await files()).toEqual(["notes.txt"]);
  });
});

describe("a spool that is full", () => {
  it("refuses, says so once, and takes more when there is room", async () => {
    const spool = await open({ maxBytes: 2500 });
    await spool.append(batch(1, 1000));
    await spool.append(batch(2, 1000));
    for (let times = 0; times < 3; times++) {
      await expect(spool.append(batch(3, 1000))).rejects.toMatchObject({
        code: "POLYLOG_E_STORE_UNAVAILABLE",
        retryAfterSeconds: 10,
      });
    }
    expect(spool.statistics()).toMatchObject({ isFull: true, refusedBatches: 3, records: 3 });
    expect(await drain(spool)).toEqual([batch(1, 1000), batch(2, 1000)]);
    await spool.append(batch(3, 1000));
    expect(told).toEqual(["error the spool takes no more", "info the spool has room again"]);
    expect(spool.statistics().isFull).toBe(false);
  });

  it("counts what is kept aside, until somebody takes it away", async () => {
    const spool = await open({ maxBytes: 2500 });
    const paths = [await spool.setAside(batch(1, 1000)), await spool.setAside(batch(2, 1000))];
    await expect(spool.append(batch(3, 1000))).rejects.toThrow(/2\d\d\d bytes are kept/);
    for (const path of paths) await rm(path);
    await spool.append(batch(3, 1000));
    expect(spool.statistics().isFull).toBe(false);
  });

  it("leaves room on the disk for others", async () => {
    const spool = await open({ reserve: Number.MAX_SAFE_INTEGER });
    await expect(spool.append(batch(1))).rejects.toThrow("its disk is full");
    expect(spool.isEmpty).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0 || process.platform !== "linux")(
    "keeps what it has when the disk is full in the middle of a batch",
    async () => {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", directory]);
      try {
        const spool = await open();
        await spool.append(batch(1, 600_000));
        await expect(spool.append(batch(2, 600_000))).rejects.toThrow("takes no more");
        expect((await stat(await fileOf())).size).toBeLessThan(601_000);
        await spool.append(batch(3, 1000));
        expect(await drain(spool)).toEqual([batch(1, 600_000), batch(3, 1000)]);
        await spool.append(batch(4, 600_000));
        expect(await drain(spool)).toEqual([batch(4, 600_000)]);
      } finally {
        execFileSync("umount", ["--lazy", directory]);
      }
    },
    // Mounting takes long on a machine whose disks are busy.
    180_000,
  );
});

function flipped(bytes: Buffer, at: number): Buffer {
  const place = Math.floor(at);
  bytes[place] = bytes[place]! ^ 4;
  return bytes;
}
