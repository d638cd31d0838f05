import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadConfig } from "../config/config.ts";
import { startServer } from "../server.ts";
import { refuseInterruptedRestore } from "./interrupted-restore.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-restore-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const BEFORE = "engine.before-2026-11-21T120000.000Z";

it("a server doesn't begin an empty store where a restore has put the old one aside", async () => {
  for (const name of [BEFORE, "engine.restoring"]) await mkdir(join(directory, name));
  const flags = { data: directory, port: "off", grpcPort: "off" };
  const config = await loadConfig({ flags, environment: {}, directory });
  await expect(startServer(config)).rejects.toMatchObject({
    code: "POLYLOG_E_CONFIG",
    remedy: expect.stringContaining(`rename ${join(directory, BEFORE)} to ${join(directory, "engine")}`),
  });
});

it.each([
  ["a new directory", []],
  ["a store", ["engine"]],
  ["a store that was restored", ["engine", BEFORE]],
  ["a restore that was interrupted before it touched the store", ["engine", "engine.restoring", BEFORE]],
  ["a store that somebody took away", [BEFORE]],
])("%s is no reason to stay down", async (_, names) => {
  for (const name of names) await mkdir(join(directory, name));
  await expect(refuseInterruptedRestore(directory)).resolves.toBeUndefined();
});
