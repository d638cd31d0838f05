import { mkdirSync } from "node:fs";
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedEngine, startEmbeddedEngine } from "@polylog/engine";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { lockData } from "../data-lock.ts";
import { openStore, type Store } from "../store/store.ts";
import { insertLogs } from "../store/testing/insert.ts";
import { logRecord } from "../store/testing/records.ts";
import { silentLog } from "../store/testing/store.ts";
import { type Backup, createBackups } from "./backups.ts";
import { restoreBackup } from "./restore.ts";

const MEMORY = 1 << 30;

let place: string;
let engine: EmbeddedEngine;
let store: Store;
let backup: Backup;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "polylog-backup-"));
  engine = startEmbeddedEngine({
    directory: join(place, "data", "engine"),
    backupDirectory: join(place, "it's backups"),
    memoryBytes: MEMORY,
  });
  store = await openStore(engine, { retentionDays: 30, log: silentLog });
  const records = Array.from({ length: 500 }, (_, i) =>
    logRecord({ body: `record ${i}`, attributes: ["n", `${i}`] }),
  );
  await insertLogs({ engine }, records);
  backup = await write();
});
afterAll(async () => {
  await engine?.stop();
  await rm(place, { recursive: true, force: true });
});

function backupsOf(clock = Date.now, opened = async (): Promise<Store> => store) {
  return createBackups({
    engine,
    store: opened,
    directory: join(place, "it's backups"),
    log: silentLog,
    clock,
  });
}

async function write(): Promise<Backup> {
  const backups = backupsOf();
  const { name } = await backups.start();
  return vi.waitFor(
    async () => {
      const found = await backups.find(name);
      if (found === undefined || found.state === "running") throw new Error("it is still being written");
      return found;
    },
    { timeout: 30_000, interval: 50 },
  );
}

function restore(from: string, data: string, replaces = false, signal = new AbortController().signal) {
  return restoreBackup({
    backup: from,
    dataDirectory: join(place, data),
    replaces,
    memoryBytes: MEMORY,
    log: silentLog,
    signal,
  });
}

/** A copy of the backup that may be damaged. */
async function copy(name: string): Promise<string> {
  const folder = join(place, name);
  await cp(backup.path, folder, { recursive: true });
  return folder;
}

async function changeManifest(folder: string, change: object): Promise<void> {
  const file = join(folder, "polylog-backup.json");
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, "utf8")), ...change }));
}

/** What is left of the directory that was to be restored into. */
async function left(data: string): Promise<string[]> {
  return readdir(join(place, data)).catch(() => []);
}

describe("a backup", () => {
  it("is a folder with what it says of itself, written last", async () => {
    expect(backup).toMatchObject({ state: "done", error: null });
    expect((await readdir(backup.path)).sort()).toEqual(["data.tar", "polylog-backup.json"]);
    expect(backup.bytes).toBeGreaterThan(0);
  });

  it("is listed, and one that a kill left unfinished is not", async () => {
    await mkdir(join(place, "it's backups", "polylog-20200101-000000.unfinished"));
    const backups = await backupsOf().list();
    expect(backups.map(({ name }) => name)).toEqual([backup.name]);
  });

  it("removes what was left unfinished when the next is written", async () => {
    const backups = backupsOf(() => Date.UTC(2030, 0, 1));
    await backups.start();
    await expect.poll(async () => (await backups.list())[0]?.state, { timeout: 30_000 }).toBe("done");
    const names = await readdir(join(place, "it's backups"));
    expect(names.sort()).toEqual([backup.name, "polylog-20300101-000000"].sort());
  });

  it("that waits for a store which never opens ends when it is stopped", async () => {
    const backups = backupsOf(
      () => Date.UTC(2032, 0, 1),
      () => new Promise(() => {}),
    );
    const { name } = await backups.start();
    await backups.stop();
    expect(await backups.find(name)).toMatchObject({ state: "failed", error: "The server was stopped." });
  });

  it("that is stopped half-way leaves nothing, and says so", async () => {
    const backups = backupsOf(() => Date.UTC(2031, 0, 1));
    const { name } = await backups.start();
    await backups.stop();
    expect(await backups.find(name)).toMatchObject({ state: "failed", error: "The server was stopped." });
    expect((await readdir(join(place, "it's backups"))).filter((entry) => entry.includes("2031"))).toEqual(
      [],
    );
  });
});

describe("a restore", () => {
  it("brings back every record, into a directory that was not there", async () => {
    const restored = await restore(backup.path, "new");
    expect(restored).toMatchObject({ logs: 500, spans: 0, putAside: null });
    expect(await left("new")).toEqual(["engine"]);
    const again = startEmbeddedEngine({ directory: join(place, "new", "engine"), memoryBytes: MEMORY });
    try {
      const opened = await openStore(again, { retentionDays: 30, log: silentLog });
      expect((await opened.size()).logs).toBe(500);
      const query = "SELECT sum(cityHash64(Body, toString(LogAttributes), Id)) AS sum FROM otel_logs";
      const [before, after] = await Promise.all(
        [engine, again].map(async ({ client }) => (await client.query({ query, format: "JSON" })).json()),
      );
      expect(after?.data).toEqual(before?.data);
      await insertLogs({ engine: again }, [logRecord({ body: "and goes on" })]);
    } finally {
      await again.stop();
    }
  });

  it("leaves a store alone that is there, unless told to put it aside", async () => {
    await expect(restore(backup.path, "new")).rejects.toMatchObject({
      code: "POLYLOG_E_CONFIG",
      message: expect.stringContaining("holds a store already"),
    });
    const { putAside, logs } = await restore(backup.path, "new", true);
    expect(logs).toBe(500);
    expect(await readdir(putAside ?? "")).toContain("data");
  });

  it("does nothing to the directory of a server that runs", async () => {
    await expect(restore(backup.path, "data", true)).rejects.toMatchObject({
      message: expect.stringContaining(`in use by process ${process.pid}`),
    });
    expect((await store.size()).logs).toBe(500);
  });

  it("keeps servers out of the directory until it is done", async () => {
    const refusals: Promise<unknown>[] = [];
    const starts = (): Promise<unknown> =>
      lockData(join(place, "held")).then(
        (lock) => lock.release(),
        (error: unknown) => error,
      );
    await restoreBackup({
      backup: backup.path,
      dataDirectory: join(place, "held"),
      replaces: false,
      memoryBytes: MEMORY,
      log: silentLog,
      signal: new AbortController().signal,
      onProgress: () => refusals.push(starts()),
    });
    expect(refusals.length).toBeGreaterThan(1);
    for (const refusal of await Promise.all(refusals)) {
      expect(refusal).toMatchObject({ code: "POLYLOG_E_ENGINE_DIRECTORY_LOCKED" });
    }
    expect(await starts()).toBeUndefined();
  });

  it("is refused while a server has the directory, though its engine has not begun", async () => {
    const lock = await lockData(join(place, "starting"));
    await expect(restore(backup.path, "starting", true)).rejects.toMatchObject({
      code: "POLYLOG_E_ENGINE_DIRECTORY_LOCKED",
      message: expect.stringContaining(`in use by process ${process.pid}`),
    });
    await lock.release();
    expect(await left("starting")).toEqual([]);
  });

  it("deletes nothing that came to its place meanwhile", async () => {
    const store = join(place, "late", "engine");
    let isMade = false;
    const late = restoreBackup({
      backup: backup.path,
      dataDirectory: join(place, "late"),
      replaces: false,
      memoryBytes: MEMORY,
      log: silentLog,
      signal: new AbortController().signal,
      onProgress: () => {
        if (!isMade) mkdirSync(join(store, "data"), { recursive: true });
        isMade = true;
      },
    });
    await expect(late).rejects.toThrow("holds a store already");
    expect(await readdir(store)).toEqual(["data"]);
    expect(await left("late")).toEqual(["engine"]);
  });

  it("clears away what an interrupted one left, and changes nothing when it is interrupted", async () => {
    await mkdir(join(place, "cut", "engine.restoring", "data"), { recursive: true });
    const controller = new AbortController();
    const cut = restoreBackup({
      backup: backup.path,
      dataDirectory: join(place, "cut"),
      replaces: false,
      memoryBytes: MEMORY,
      log: silentLog,
      signal: controller.signal,
      onProgress: (step) => {
        if (step === "restoring") controller.abort();
      },
    });
    await expect(cut).rejects.toMatchObject({ name: "AbortError" });
    expect(await left("cut")).toEqual([]);
    expect(await restore(backup.path, "cut")).toMatchObject({ logs: 500 });
  });

  const damages: readonly [string, (folder: string) => Promise<unknown>, RegExp][] = [
    ["cut off", (folder) => truncate(join(folder, "data.tar"), 1000), /has 1000 bytes and should have/],
    ["longer", (folder) => appendFile(join(folder, "data.tar"), "x"), /bytes and should have/],
    ["with one byte changed", (folder) => flip(join(folder, "data.tar")), /SHA-256 differs/],
    ["without its data", (folder) => rm(join(folder, "data.tar")), /data\.tar is missing/],
    ["without its manifest", (folder) => rm(join(folder, "polylog-backup.json")), /not a backup of Polylog/],
    [
      "with a damaged manifest",
      (folder) => writeFile(join(folder, "polylog-backup.json"), "{"),
      /is damaged/,
    ],
    ["of a newer layout", (folder) => changeManifest(folder, { format: 2 }), /newer Polylog/],
    ["of newer tables", (folder) => changeManifest(folder, { schema: 999 }), /schema 999/],
    ["of a newer engine", (folder) => changeManifest(folder, { engine: "99.1.1.1" }), /ClickHouse 99\.1/],
    ["of another database", (folder) => changeManifest(folder, { database: "other" }), /can't be restored/],
  ];
  it.each(damages)("refuses a backup %s, and leaves nothing behind", async (name, damage, message) => {
    const folder = await copy(name);
    await damage(folder);
    await expect(restore(folder, `into ${name}`)).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
    expect(await left(`into ${name}`)).toEqual([]);
  });
});

async function flip(file: string): Promise<void> {
  const handle = await open(file, "r+");
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, 5000);
  byte[0] = (byte[0] ?? 0) ^ 1;
  await handle.write(byte, 0, 1, 5000);
  await handle.close();
}
