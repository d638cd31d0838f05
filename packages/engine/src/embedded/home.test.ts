import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createEngines } from "../testing/engines.ts";
import { openHome } from "./home.ts";

const engines = createEngines();
afterEach(engines.close);

test("directories and files are for this user alone, and no password is in them or in ps", async () => {
  const directory = join(await engines.directory(), "new", "engine");
  const engine = await engines.start({ directory });
  await engine.ready();
  const mode = async (path: string) => ((await stat(join(directory, path))).mode & 0o777).toString(8);
  for (const path of [".", "config", "data"]) expect(await mode(path)).toBe("700");
  for (const path of await readdir(join(directory, "config")))
    expect(await mode(join("config", path))).toBe("600");
  expect(await mode("polylog-engine.json")).toBe("600");
  expect(await mode("polylog-engine.lock")).toBe("600");

  const { server, viewer } = engine.endpoint()!;
  const users = await readFile(join(directory, "config", "users.xml"), "utf8");
  const commandLine = await readFile(`/proc/${engine.status().pid}/cmdline`, "utf8").catch(() => "");
  for (const { password } of [server, viewer]) {
    expect(password.length).toBeGreaterThan(40);
    expect(users).not.toContain(password);
    expect(commandLine).not.toContain(password);
  }
});

test("a directory in use is refused, by whom it is used is said, and it is free after that", async () => {
  const directory = await engines.directory();
  const first = await engines.start({ directory });
  await first.ready();
  const second = await engines.start({ directory });
  await expect(second.ready()).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_DIRECTORY_LOCKED",
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await second.stop();
  expect(first.status().state).toBe("ready");
  await first.stop();
  const third = await engines.start({ directory });
  await third.ready();
});

test.each([
  ["of a process that is no more", { pid: 2 ** 22 + 1, identity: "boot:1", token: "a" }],
  ["of another process with our number", { pid: process.pid, identity: "boot:1", token: "a" }],
  ["that is damaged", "{"],
])("a lock %s is taken over", async (_, lock) => {
  const directory = await engines.directory();
  const file = join(directory, "polylog-engine.lock");
  await writeFile(file, typeof lock === "string" ? lock : JSON.stringify(lock));
  const home = await openHome(directory, "26.7.0");
  await expect(openHome(directory, "26.7.0")).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_DIRECTORY_LOCKED",
  });
  await home.close();
  expect(await readdir(directory)).not.toContain("polylog-engine.lock");
});

test("of many who want a directory at once, one gets it", async () => {
  const directory = await engines.directory();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => openHome(directory, "26.7.0")));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a directory with other files is refused and left as it is", async () => {
  const directory = await engines.directory();
  await writeFile(join(directory, "thesis.txt"), "mine");
  const engine = await engines.start({ directory });
  await expect(engine.ready()).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_DIRECTORY_FOREIGN",
    message: expect.stringContaining("thesis.txt"),
  });
  expect(await readdir(directory)).toEqual(["thesis.txt"]);
});

test.each([
  ["layout", { layout: 2, engine: null }, "a newer Polylog"],
  ["month", { layout: 1, engine: "26.8.1.1" }, "ClickHouse 26.8.1.1"],
  ["year", { layout: 1, engine: "27.1.1.1" }, "ClickHouse 27.1.1.1"],
])("a directory of a later %s is refused", async (_, marker, who) => {
  const directory = await engines.directory();
  await writeFile(join(directory, "polylog-engine.json"), JSON.stringify(marker));
  await expect(openHome(directory, "26.7.3-stable.1")).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_VERSION_TOO_NEW",
    message: expect.stringContaining(who),
  });
});

test.each(["26.7.9.9", "26.6.1.1", "25.12.1.1"])("a directory of ClickHouse %s is taken", async (engine) => {
  const directory = await engines.directory();
  await writeFile(join(directory, "polylog-engine.json"), JSON.stringify({ layout: 1, engine }));
  const home = await openHome(directory, "26.7.3-stable.1");
  await home.close();
});

test("a path through a file is refused", async () => {
  const file = join(await engines.directory(), "file");
  await writeFile(file, "");
  await expect(openHome(join(file, "engine"), "26.7.0")).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_DIRECTORY_UNUSABLE",
    message: expect.stringContaining(file),
  });
});

test.runIf(process.platform === "linux")(
  "a directory that can't be made is refused at once, with what to do",
  async () => {
    await expect(openHome("/proc/nope/engine", "26.7.0")).rejects.toMatchObject({
      code: expect.stringMatching(/^POLYLOG_E_ENGINE_DIRECTORY_(UNUSABLE|PERMISSION)$/),
      message: expect.stringContaining("/proc/nope/engine"),
      remedy: expect.stringContaining("--data"),
    });
  },
);

test("a directory of somebody else is refused", async () => {
  const parent = join(await engines.directory(), "parent");
  await mkdir(parent);
  await chmod(join(parent, ".."), 0o755);
  await chmod(parent, 0o500);
  // Nothing is forbidden to root.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await expect(openHome(join(parent, "engine"), "26.7.0")).rejects.toMatchObject({
      code: "POLYLOG_E_ENGINE_DIRECTORY_PERMISSION",
    });
  } finally {
    if (isRoot) process.seteuid?.(0);
    await chmod(parent, 0o700);
  }
});
