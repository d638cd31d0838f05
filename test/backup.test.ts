import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MAIN, type ServerProcess, startServerProcess } from "./server-process.ts";
import { sendShop } from "./shop.ts";

/** `polylog backup` and `polylog restore` as people run them. */

const RECORDS = 2000;

let place: string;
let server: ServerProcess;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "polylog-backup-test-"));
  server = await startServerProcess({ flags: ["--backups", join(place, "backups")] });
  await sendShop(server.address, RECORDS);
});
afterAll(async () => {
  await server?.stop();
  await rm(place, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function polylog(...words: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...words], { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

async function messages(of: ServerProcess): Promise<string[]> {
  const { rows } = await of.search("service:checkout", { limit: "10000" });
  return rows.map(({ id, body }) => `${id} ${body}`);
}

it("backs up a server that runs, and brings everything back into another directory", async () => {
  const backup = await polylog("backup", "--server", server.address);
  expect(backup).toMatchObject({ code: 0, stderr: expect.stringContaining("Done: ") });
  const folder = backup.stdout.trim();
  expect(folder.startsWith(join(place, "backups"))).toBe(true);

  const list = await polylog("backup", "--list", "--json", "--server", server.address);
  expect(JSON.parse(list.stdout)).toMatchObject({ state: "done", path: folder });

  const data = join(place, "restored");
  const restored = await polylog("restore", folder, "--data", data);
  expect(restored).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Restored [\d,]+ records and [\d,]+ spans/),
  });

  const second = await startServerProcess({ dataDirectory: data });
  try {
    const before = await messages(server);
    expect(before.length).toBeGreaterThan(300);
    expect(await messages(second)).toEqual(expect.arrayContaining(before));
  } finally {
    await second.stop();
  }
});

it("restores nothing into the directory of a server that runs", async () => {
  const [name] = await readdir(join(place, "backups"));
  const folder = join(place, "backups", name ?? "");
  const refused = await polylog("restore", folder, "--replace", "--data", server.dataDirectory);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("in use by process") });
  expect((await messages(server)).length).toBeGreaterThan(300);
});

it("says what is wrong with a folder that is no backup", async () => {
  const refused = await polylog("restore", place, "--data", join(place, "never"));
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("is not a backup of Polylog") });
  expect(await readdir(join(place, "never")).catch(() => [])).toEqual([]);
});

it("says that no server is reached", async () => {
  const refused = await polylog("backup", "--server", "http://127.0.0.1:9");
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("not reached") });
});
