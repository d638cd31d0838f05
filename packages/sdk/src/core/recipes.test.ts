import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { describe, expect, it } from "vitest";
import { requestLog } from "../frameworks/express.ts";
import { nestLogger } from "../frameworks/nest.ts";
import { bareHost } from "../host/bare.ts";
import type { Level } from "../logger/level.ts";
import { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_OFF } from "../logger/level.ts";
import type { Polylog } from "../polylog.ts";
import { fileSink } from "../sinks/file/file.ts";
import { createPolylog } from "./create-polylog.ts";

/** What users of a native client want of its log: each recipe does what it says, whatever the runtime of the record. */

const TARGETS = ["aerospike_core::cluster", "aerospike_core::batch", "aerospike_core::command"] as const;

/** What the client logs while it connects and puts a record. */
function work(polylog: Polylog): void {
  const native = (logger: string, level: Level, message: string) =>
    polylog.emit({ logger, level, message, system: "rust" });
  native(TARGETS[0], "info", "Connecting to seed 127.0.0.1:3000");
  native(TARGETS[0], "debug", "Node added");
  native(TARGETS[1], "debug", "put completed");
  native(TARGETS[2], "trace", "bytes sent");
  native(TARGETS[1], "error", "timed out");
  polylog.getLogger("aerospike_py").info("client ready");
}

function setUp(format: "text" | "json" = "text") {
  const lines: string[] = [];
  const polylog = createPolylog(
    bareHost({ streamSink: () => ({ writeLine: (line) => lines.push(line.replace(/^\S+Z /, "")) }) }),
  );
  polylog.configure({ format });
  return { polylog, lines };
}

const CLUSTER = "INFO  [R] aerospike_core::cluster Connecting to seed 127.0.0.1:3000\n";
const NODE_ADDED = "DEBUG [R] aerospike_core::cluster Node added\n";
const PUT = "DEBUG [R] aerospike_core::batch put completed\n";
const SENT = "TRACE [R] aerospike_core::command bytes sent\n";
const FAILED = "ERROR [R] aerospike_core::batch timed out\n";
const READY = "INFO  [N] aerospike_py client ready\n";

describe("the recipe for", () => {
  it.each<[string, (polylog: Polylog) => void, string[]]>([
    ["nothing at all: info", () => {}, [CLUSTER, FAILED, READY]],
    [
      "more, by a constant, on both sides",
      (polylog) => polylog.setLogLevel(LOG_LEVEL_DEBUG),
      [CLUSTER, NODE_ADDED, PUT, FAILED, READY],
    ],
    [
      "everything",
      (polylog) => polylog.configure({ level: "trace" }),
      [CLUSTER, NODE_ADDED, PUT, SENT, FAILED, READY],
    ],
    [
      "levels of single loggers",
      (polylog) => {
        polylog.getLogger("aerospike_core::cluster").setLevel("debug");
        polylog.getLogger("aerospike_core::batch").setLevel("warn");
      },
      [CLUSTER, NODE_ADDED, FAILED, READY],
    ],
    [
      "a parent that governs its children",
      (polylog) => polylog.getLogger("aerospike_core").setLevel("debug"),
      [CLUSTER, NODE_ADDED, PUT, FAILED, READY],
    ],
    [
      "the same in a configuration",
      (polylog) => polylog.configure({ level: "warn", loggers: { aerospike_core: { level: "info" } } }),
      [CLUSTER, FAILED],
    ],
    ["silence", (polylog) => polylog.setLogLevel(LOG_LEVEL_OFF), []],
    [
      "silence of the client alone",
      (polylog) => {
        polylog.getLogger("aerospike_core").setLevel("off");
        polylog.getLogger("aerospike_py").setLevel("off");
        polylog.log.info("the application");
      },
      ["INFO  [N] root the application\n"],
    ],
  ])("%s", (_, recipe, expected) => {
    const { polylog, lines } = setUp();
    recipe(polylog);
    work(polylog);
    expect(lines).toEqual(expected);
  });

  it("JSON", () => {
    const { polylog, lines } = setUp("json");
    polylog.getLogger("aerospike_core").setLevel("debug");
    work(polylog);
    expect(lines.slice(0, 2).map((line) => JSON.parse(line))).toMatchObject([
      {
        severity: "INFO",
        system: "rust",
        logger: TARGETS[0],
        message: "Connecting to seed 127.0.0.1:3000",
        timestamp: expect.stringMatching(/Z$/),
      },
      { severity: "DEBUG", system: "rust", logger: TARGETS[0], message: "Node added" },
    ]);
  });

  it("a file of its own", async () => {
    const folder = mkdtempSync(join(tmpdir(), "polylog-recipes-"));
    const path = join(folder, "aerospike.log");
    const { polylog } = setUp();
    polylog.configure({
      level: "debug",
      sinks: { aerospike: fileSink(path), none: () => {} },
      loggers: {
        "": { sinks: ["none"] },
        aerospike_core: { sinks: ["aerospike"] },
        aerospike_py: { sinks: ["aerospike"] },
      },
    });
    work(polylog);
    polylog.log.info("the application");
    await polylog.shutdown();
    const text = readFileSync(path, "utf8").replace(/^\S+Z /gm, "");
    rmSync(folder, { recursive: true });
    expect(text).toBe([CLUSTER, NODE_ADDED, PUT, FAILED, READY].join(""));
  });

  it("Express: set up as the application starts, and in a request what is native belongs to it", async () => {
    const { polylog, lines } = setUp();
    const app = express();
    app.use(requestLog({ polylog }));
    app.get("/users", (_request, response) => {
      work(polylog);
      response.end();
    });
    const server = createServer(app);
    await new Promise<void>((resolve) =>
      server.listen(0, () => {
        polylog.setLogLevel(LOG_LEVEL_INFO);
        resolve();
      }),
    );
    const { port } = server.address() as AddressInfo;
    await (await fetch(`http://localhost:${port}/users`, { headers: { "x-request-id": "r-1" } })).text();
    await expect.poll(() => lines.length).toBe(4);
    await new Promise((resolve) => server.close(resolve));
    expect(lines[0]).toBe(CLUSTER.replace("\n", " requestId=r-1\n"));
    expect(lines[3]).toMatch(/ http GET \/users 200 .*requestId=r-1/);
  });

  it("Nest: levels in the configuration, beside those of its own logger", () => {
    const { polylog, lines } = setUp();
    polylog.configure({
      loggers: { aerospike_core: { level: "info" }, aerospike_py: { level: "off" }, nest: { level: "warn" } },
    });
    const nest = nestLogger({ polylog });
    nest.log("Nest application successfully started", "NestApplication");
    nest.warn("slow", "RouterExplorer");
    work(polylog);
    expect(lines).toEqual(["WARN  [N] nest.RouterExplorer slow\n", CLUSTER, FAILED]);
  });
});
