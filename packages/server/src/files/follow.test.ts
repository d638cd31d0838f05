import {
  appendFile,
  copyFile,
  mkdtemp,
  readFile,
  rename,
  rm,
  truncate,
  unlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PolylogError } from "../errors.ts";
import type { LogRecord } from "../record/record.ts";
import { type Following, type FollowOptions, followFiles } from "./follow.ts";

let directory: string;
let records: LogRecord[];
let warnings: string[];
let open: Following[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-follow-"));
  records = [];
  warnings = [];
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((following) => following.stop()));
  await rm(directory, { recursive: true, force: true });
});

const at = (name: string): string => join(directory, name);
const bodies = (): string[] => records.map((record) => record.body);

async function follow(globs: readonly string[], options: Partial<FollowOptions> = {}): Promise<Following> {
  const following = await followFiles({
    globs: globs.map(at),
    stateDirectory: at("state"),
    sink: async (batch) => void records.push(...batch),
    log: {
      debug() {},
      info: (message) => warnings.push(message),
      warn: (message) => warnings.push(message),
      error: (message) => warnings.push(message),
    },
    host: "here",
    pollInterval: 50,
    times: { flushAfter: 20, rotatedGrace: 300, closeAfter: 60_000 },
    ...options,
  });
  open.push(following);
  return following;
}

const line = (n: number): string => `2026-11-21T10:00:00.000Z INFO line ${n}\n`;
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index)).join("");
const expected = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

async function seen(count: number): Promise<void> {
  await expect.poll(() => records.length, { timeout: 10_000, interval: 10 }).toBeGreaterThanOrEqual(count);
}

test("reads what is there and what comes, with path and service", async () => {
  await writeFile(at("checkout.log"), lines(1, 2));
  await follow(["*.log"]);
  await seen(2);
  await appendFile(at("checkout.log"), lines(3, 3));
  await seen(3);
  expect(bodies()).toEqual(expected(1, 3));
  expect(records[0]!.attributes).toEqual([
    ...["log.file.path", at("checkout.log")],
    ...["log.file.name", "checkout.log"],
  ]);
  expect(records[0]!.resource).toMatchObject({ serviceName: "checkout", host: "here" });
});

test("finds files that come later", async () => {
  await follow(["*.log"]);
  await writeFile(at("late.log"), lines(1, 1));
  await seen(1);
  expect(bodies()).toEqual(expected(1, 1));
});

test("goes on behind a rotation by renaming, and reads the old file to its end", async () => {
  await writeFile(at("a.log"), lines(1, 2));
  await follow(["a.log"]);
  await seen(2);
  await rename(at("a.log"), at("a.log.1"));
  await appendFile(at("a.log.1"), lines(3, 3));
  await writeFile(at("a.log"), lines(4, 5));
  await seen(5);
  expect(bodies().sort()).toEqual(expected(1, 5));
});

test("doesn't read a renamed file twice when the glob names it, too", async () => {
  await writeFile(at("a.log"), lines(1, 2));
  const following = await follow(["a.log*"]);
  await seen(2);
  await rename(at("a.log"), at("a.log.1"));
  await writeFile(at("a.log"), lines(3, 4));
  await seen(4);
  // After its grace the renamed file is met under its new name.
  await expect.poll(() => following.paths, { timeout: 5000 }).toEqual([at("a.log"), at("a.log.1")]);
  await appendFile(at("a.log"), lines(5, 5));
  await seen(5);
  expect(bodies()).toEqual(expected(1, 5));
});

test("goes on behind a rotation by copying and truncating", async () => {
  await writeFile(at("a.log"), lines(1, 9));
  await follow(["a.log*"]);
  await seen(9);
  await copyFile(at("a.log"), at("a.log.1"));
  await truncate(at("a.log"), 0);
  await appendFile(at("a.log"), lines(10, 11));
  await seen(11);
  await appendFile(at("a.log"), lines(12, 12));
  await seen(12);
  expect(bodies()).toEqual(expected(1, 12));
});

test("notices a truncation although the file has outgrown its old size", async () => {
  await writeFile(at("a.log"), lines(1, 1));
  await follow(["a.log"]);
  await seen(1);
  await writeFile(at("a.log"), lines(2, 9));
  await seen(9);
  expect(bodies()).toEqual(expected(1, 9));
});

test("goes on where it left off", async () => {
  await writeFile(at("a.log"), lines(1, 3));
  const first = await follow(["a.log"]);
  await seen(3);
  await first.stop();
  await appendFile(at("a.log"), lines(4, 5));
  await follow(["a.log"]);
  await seen(5);
  expect(bodies()).toEqual(expected(1, 5));
});

test.each(["a.log*", "a.log"])(
  "goes on where it left off in a file that was renamed meanwhile (%s)",
  async (glob) => {
    await writeFile(at("a.log"), lines(1, 3));
    const first = await follow([glob]);
    await seen(3);
    await first.stop();
    await appendFile(at("a.log"), lines(4, 4));
    await rename(at("a.log"), at("a.log.1"));
    await writeFile(at("a.log"), lines(5, 6));
    await follow([glob]);
    await seen(6);
    expect(bodies().sort()).toEqual(expected(1, 6));
  },
);

test("reads again what was not committed", async () => {
  await writeFile(at("a.log"), lines(1, 3));
  let refused = 0;
  const first = await follow(["a.log"], {
    sink: async () => {
      refused++;
      throw new PolylogError("POLYLOG_E_INTAKE_FULL", "full", { retryAfterSeconds: 0.01 });
    },
  });
  await expect.poll(() => refused).toBeGreaterThan(2);
  await first.stop();
  await follow(["a.log"]);
  await seen(3);
  expect(bodies()).toEqual(expected(1, 3));
});

test("holds up the files of a service that is held up, and no others", async () => {
  await writeFile(at("limited.log"), lines(1, 3));
  await writeFile(at("quiet.log"), lines(11, 13));
  let isLimited = true;
  let refused = 0;
  await follow(["limited.log", "quiet.log"], {
    sink: async (batch) => {
      if (isLimited && batch.some(({ resource }) => resource.serviceName === "limited")) {
        refused++;
        throw new PolylogError("POLYLOG_E_INTAKE_FULL", "too fast", { retryAfterSeconds: 0.2 });
      }
      records.push(...batch);
    },
  });
  await seen(3);
  await expect.poll(() => refused).toBeGreaterThan(1);
  await appendFile(at("limited.log"), lines(4, 5));
  await appendFile(at("quiet.log"), lines(14, 15));
  await seen(5);
  expect(bodies()).toEqual(expected(11, 15));
  isLimited = false;
  await seen(10);
  expect(bodies().slice(5)).toEqual(expected(1, 5));
});

test("goes on behind records that can't be stored, and says so once", async () => {
  await writeFile(at("a.log"), lines(1, 3));
  const told: unknown[] = [];
  let refused = 0;
  const first = await follow(["a.log"], {
    sink: async (batch) => {
      // As the batcher does: what can be stored is stored, and the request is refused.
      records.push(...batch.filter(({ body }) => body !== "line 2"));
      if (batch.some(({ body }) => body === "line 2")) {
        refused++;
        throw new PolylogError("POLYLOG_E_BAD_REQUEST", "1 of 3 records can't be stored.");
      }
    },
    log: {
      debug() {},
      info() {},
      warn: (...words) => told.push(words),
      error() {},
    },
  });
  await seen(2);
  await appendFile(at("a.log"), lines(4, 4));
  await seen(3);
  await first.stop();
  expect(bodies()).toEqual(["line 1", "line 3", "line 4"]);
  expect(refused).toBe(1);
  expect(told).toEqual([
    ["followed files have records that can't be stored", { error: "1 of 3 records can't be stored." }],
  ]);
  await appendFile(at("a.log"), lines(5, 5));
  await follow(["a.log"]);
  await seen(4);
  expect(bodies()).toEqual(["line 1", "line 3", "line 4", "line 5"]);
});

test("waits for the rest of a line, and for the lines of a stack trace", async () => {
  await writeFile(at("a.log"), "2026-11-21T10:00:00.000Z ERROR bro");
  await follow(["a.log"], { times: { flushAfter: 400 } });
  await appendFile(at("a.log"), "ken\nTypeError: no\n");
  await appendFile(at("a.log"), "    at main (app.js:1:1)\n");
  await seen(1);
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ body: "broken", severityNumber: 17 });
  expect(records[0]!.attributes).toContain("TypeError: no\n    at main (app.js:1:1)");
});

test("keeps its state in one file, written in one step, that names no content", async () => {
  await writeFile(at("a.log"), lines(1, 3));
  const following = await follow(["a.log"]);
  await seen(3);
  await following.stop();
  const state = JSON.parse(await readFile(at("state/followed-files.json"), "utf8"));
  expect(state).toMatchObject({ version: 1, files: [{ path: at("a.log"), offset: lines(1, 3).length }] });
});

test("begins anew, and says so, when its state is damaged", async () => {
  await writeFile(at("a.log"), lines(1, 1));
  const first = await follow(["a.log"]);
  await seen(1);
  await first.stop();
  await writeFile(at("state/followed-files.json"), "{");
  await follow(["a.log"]);
  await seen(2);
  expect(bodies()).toEqual(["line 1", "line 1"]);
  expect(warnings).toEqual(["the state of followed files can't be read: they are read from their beginning"]);
});

test("passes over compressed and binary files, and lets deleted ones go", async () => {
  await writeFile(at("a.log.gz"), lines(1, 1));
  await writeFile(at("b.log"), Buffer.from([1, 0, 2, 0, 10]));
  await writeFile(at("c.log"), lines(2, 2));
  const following = await follow(["*.log*"]);
  await seen(1);
  expect(following.paths).toEqual([at("c.log")]);
  expect(warnings).toEqual(["a file is not followed", "a file is not followed"]);
  await unlink(at("c.log"));
  await expect.poll(() => following.paths, { timeout: 5000 }).toEqual([]);
  expect(bodies()).toEqual(expected(2, 2));
});
