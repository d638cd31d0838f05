import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { ask, createEngines } from "../testing/engines.ts";
import { until } from "../testing/until.ts";

const engines = createEngines();
const parents: ChildProcess[] = [];
afterEach(async () => {
  for (const parent of parents.splice(0)) parent.kill("SIGKILL");
  await engines.close();
});

/** A process of its own that runs an engine and tells its child's process id. */
async function startParent(directory: string): Promise<{ parent: ChildProcess; pid: number }> {
  const script = `
    import { startEmbeddedEngine } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
    process.on("SIGUSR2", () => process.exit());
    const engine = startEmbeddedEngine({ directory: process.argv[1] });
    await engine.ready();
    await engine.client.command({ query: "CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n" });
    await engine.client.insert({ table: "kept", values: [{ n: 7 }], format: "JSONEachRow" });
    console.log(engine.status().pid);
    engine.client.command({ query: "SELECT sleepEachRow(1) FROM numbers(60) SETTINGS max_block_size = 1" });
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script, directory], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  parents.push(parent);
  const [line] = (await once(createInterface({ input: parent.stdout! }), "line")) as [string];
  return { parent, pid: Number(line) };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a killed parent takes its engine along, and the next one takes over at once", async () => {
  const directory = await engines.directory();
  const { parent, pid } = await startParent(directory);
  expect(isRunning(pid)).toBe(true);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  const engine = await engines.start({ directory });
  await engine.ready();
  expect(await ask(engine.client, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  await until(() => !isRunning(pid), 10_000);
});

test("a parent that exits in a hurry takes its engine along, even one that hangs", async () => {
  const directory = await engines.directory();
  const { parent, pid } = await startParent(directory);
  process.kill(pid, "SIGSTOP");
  parent.kill("SIGUSR2");
  await once(parent, "exit");
  await until(() => !isRunning(pid), 10_000);
});

test.each<NodeJS.Signals>(["SIGINT", "SIGTERM", "SIGHUP"])(
  "the child leaves %s to its parent",
  async (signal) => {
    const engine = await engines.start();
    await engine.ready();
    const { pid } = engine.status();
    process.kill(pid ?? 0, signal);
    for (let i = 0; i < 10; i++)
      expect(await ask(engine.client, "SELECT sleep(0.02) AS z")).toEqual([{ z: 0 }]);
    expect(engine.status()).toMatchObject({ state: "ready", pid, restarts: 0 });
  },
);
