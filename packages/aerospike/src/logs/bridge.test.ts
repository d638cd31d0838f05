import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { configure, droppedLogCount, memorySink, polylog, setFilter } from "polylog";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { describeWithClient } from "../testing/official-client.ts";
import { bridgeAerospikeLogs } from "./bridge.ts";

const run = promisify(execFile);

test.skipIf(process.platform === "win32")("a Polylog takes one source, however often it is bridged", () => {
  const addSource = vi.fn(polylog.addSource);
  const levels: unknown[] = [];
  const client = { setDefaultLogging: ({ level }: { level?: number }) => levels.push(level) };
  const watched = { ...polylog, addSource };
  setFilter("info");
  const first = bridgeAerospikeLogs(client, { polylog: watched });
  const second = bridgeAerospikeLogs(client, { polylog: watched });
  first();
  levels.length = 0;
  setFilter("debug");
  expect(levels).toEqual([3]);
  second();
  levels.length = 0;
  setFilter("info");
  expect(levels).toEqual([]);
  bridgeAerospikeLogs(client, { polylog: watched })();
  expect(levels).toEqual([undefined, 2, 1]);
  expect(addSource).toHaveBeenCalledOnce();
});

describeWithClient("the client's log", (official) => {
  const Aerospike = official.load();
  const memory = memorySink();
  let undo: () => void;

  /** Nobody listens there. */
  const failToConnect = () => Aerospike.connect({ hosts: "127.0.0.1:1" }).catch(() => {});

  beforeEach(() => {
    memory.clear();
    configure({ sinks: { memory } });
    setFilter("info");
    undo = bridgeAerospikeLogs(Aerospike);
  });

  afterEach(() => undo());

  test("comes from loggers named after its files, with level, file, line and function", async () => {
    const before = Date.now();
    await failToConnect();
    await expect.poll(() => memory.records.length).toBeGreaterThan(0);
    const record = memory.records.find(({ logger }) => logger === "aerospike.as_cluster")!;
    expect(record).toMatchObject({
      level: "warn",
      system: "cpp",
      message: expect.stringContaining("127.0.0.1"),
      metadata: {
        "code.file.path": "as_cluster.c",
        "code.function.name": "as_cluster_seed_node",
        "code.line.number": expect.any(Number),
      },
    });
    expect(record.time).toBeGreaterThan(before - 1_000);
    expect(record.time).toBeLessThanOrEqual(Date.now());
  });

  test("is governed by the loggers' levels, on its own side too", async () => {
    setFilter("off,aerospike.config=trace");
    const levels: (number | undefined)[] = [];
    const watched = {
      setDefaultLogging(log: { level?: number; file?: number }) {
        levels.push(log.level);
        Aerospike.setDefaultLogging(log);
      },
    };
    undo();
    undo = bridgeAerospikeLogs(watched);
    await failToConnect();
    await expect.poll(() => memory.records.some(({ level }) => level === "debug")).toBe(true);
    expect(new Set(memory.records.map(({ logger }) => logger))).toEqual(new Set(["aerospike.config"]));
    expect(levels.at(-1)).toBe(Aerospike.log.TRACE);
    setFilter("off");
    expect(levels.at(-1)).toBe(Aerospike.log.OFF);
  });

  test("says so when it came faster than it could be read", async () => {
    setFilter("aerospike=trace");
    const before = droppedLogCount();
    for (let i = 0; i < 300; i++) Aerospike.client({ hosts: "127.0.0.1:1" });
    await expect.poll(() => memory.messages("warn").join()).toContain("lines may be missing");
    expect(droppedLogCount()).toBeGreaterThan(before);
    // What did come is whole.
    const stray = memory.records.filter(({ logger, level }) => logger === "aerospike" && level !== "warn");
    expect(stray).toEqual([]);
  });

  test("isn't taken any more once it is given back", async () => {
    undo();
    Aerospike.setDefaultLogging({ level: Aerospike.log.OFF! });
    await failToConnect();
    expect(memory.records).toEqual([]);
  });

  test("is whole when the process ends at once", async () => {
    const program = `
      const Aerospike = require("aerospike");
      const { bridgeAerospikeLogs } = require("@polylog/aerospike/logs");
      bridgeAerospikeLogs(Aerospike);
      Aerospike.connect({ hosts: "127.0.0.1:1" }).catch(() => process.exit());`;
    const { folder } = official;
    const { stderr } = await run(process.execPath, ["-e", program], { cwd: folder });
    expect(stderr).toMatch(/WARN +\[C\] aerospike\.as_cluster .*127\.0\.0\.1/);
  });
});
