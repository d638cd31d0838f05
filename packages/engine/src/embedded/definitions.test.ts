import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "../log.ts";
import { keepDefinitions } from "./definitions.ts";
import type { Home } from "./home.ts";

const TABLE = "ATTACH TABLE _ UUID '2a29ea06'\n(\n    `n` UInt8\n)\nENGINE = Memory\n";
const CHANGED = TABLE.replace("UInt8", "UInt16");

let home: Home;
let file: string;
let warnings: number;
const log = { ...silentLog, warn: () => warnings++ };
const keep = () => keepDefinitions(home, log);

beforeEach(async () => {
  warnings = 0;
  const directory = await mkdtemp(join(tmpdir(), "polylog-definitions-"));
  const table = join(directory, "data", "store", "2a2", "2a29ea06-748e");
  await mkdir(table, { recursive: true });
  home = { directory, data: join(directory, "data") } as Home;
  file = join(table, "n.sql");
  await writeFile(file, TABLE);
});
afterEach(() => rm(home.directory, { recursive: true, force: true }));

/** As ClickHouse does: a new file in place of the old one. */
async function replace(text: string): Promise<void> {
  await rm(file);
  await writeFile(file, text);
}

test.each([
  ["empty", ""],
  ["cut off", TABLE.slice(0, 20)],
])("a definition that is %s is given back", async (_, text) => {
  await keep();
  await replace(text);
  await keep();
  expect(await readFile(file, "utf8")).toBe(TABLE);
  expect(warnings).toBe(1);
});

test("the last whole definition is given back, not an older one", async () => {
  await keep();
  await replace(CHANGED);
  await keep();
  await replace("");
  await keep();
  expect(await readFile(file, "utf8")).toBe(CHANGED);
  expect(await readdir(join(file, ".."))).toEqual(["n.sql"]);
});

test("what was given back may be lost again", async () => {
  await keep();
  for (let times = 0; times < 2; times++) {
    await replace("");
    await keep();
  }
  expect(await readFile(file, "utf8")).toBe(TABLE);
});

test("it takes no room", async () => {
  await keep();
  expect((await stat(file)).nlink).toBe(2);
});

test("a definition that was never seen whole stays as it is", async () => {
  await replace("");
  await keep();
  expect(await readFile(file, "utf8")).toBe("");
  expect(warnings).toBe(0);
});

test("the copies of tables that are gone go, and drafts of a crash don't stand in the way", async () => {
  await keep();
  const copies = join(home.directory, "definitions");
  await link(file, join(copies, "2a29ea06-748e.n.sql.new"));
  await replace(CHANGED);
  await keep();
  await rm(join(home.data, "store", "2a2"), { recursive: true });
  await keep();
  expect(await readdir(copies)).toEqual([]);
});

test("a directory without tables is nothing to warn of", async () => {
  await rm(home.data, { recursive: true });
  await keep();
  expect(warnings).toBe(0);
});
