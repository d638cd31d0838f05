import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, it, type TestContext } from "vitest";
import { ROOT } from "./server-process.ts";

/** The example that is built by node-gyp: C++ with polylog.h, and spdlog where there is one. */

const FOLDER = join(ROOT, "crates", "polylog", "examples", "cpp-addon");
const TOOLS = ["cargo", "g++", "make", "python3", "pkg-config"];
let reason: string | undefined;

beforeAll(() => {
  const missing = TOOLS.filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
  if (missing.length > 0) {
    reason = `${missing.join(", ")} could not be started: install them to run this`;
    return;
  }
  const installed = npm("install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error");
  if (installed.status !== 0) {
    reason = `the registry of packages can't be reached: ${installed.stderr}`;
    return;
  }
  const built = npm("run", "build", "--", "--debug");
  if (built.status !== 0) throw new Error(`npm run build failed:\n${built.stdout}\n${built.stderr}`);
}, 280_000);

function npm(...words: string[]) {
  return spawnSync("npm", words, { cwd: FOLDER, encoding: "utf8" });
}

/** Runs a program in the example's folder; its records. */
function run(context: TestContext, program: string) {
  if (reason !== undefined) {
    console.warn(reason);
    context.skip(reason);
  }
  const { stderr, signal, stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: FOLDER,
    encoding: "utf8",
    env: { ...process.env, POLYLOG_FORMAT: "json", NO_COLOR: "1" },
    timeout: 30_000,
  });
  const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
  return { records: lines.map((line) => JSON.parse(line)), signal, stdout, stderr };
}

const LOAD = `import { createRequire } from "node:module";
  import * as polylog from "polylog";
  const core = createRequire(process.cwd() + "/")("./build/Release/core.node");`;

it("C++ logs by polylog.h, with fields, span and the caller's context", (context) => {
  const { records, stderr } = run(
    context,
    `${LOAD} polylog.configure({ sourceLocation: true });
    polylog.withContext({ invocation: "run-1" }, () => core.connect());`,
  );
  expect(records, stderr).toMatchObject([
    {
      system: "cpp",
      logger: "my_core.cluster",
      severity: "INFO",
      message: "connecting to seed",
      invocation_id: "run-1",
      metadata: {
        host: "127.0.0.1",
        port: 3000,
        tls: false,
        ratio: 0.25,
        user: null,
        spans: [{ name: "connect", fields: { node: 3 } }],
        "code.file.path": expect.stringMatching(/core\.cc$/),
      },
    },
  ]);
});

it("its spans are handed over where the trace is kept, and its records carry their ids", (context) => {
  const { records, stdout, stderr } = run(
    context,
    `${LOAD} import { takeNativeSpans } from "polylog/native";
    takeNativeSpans({ take: (span) => console.log(JSON.stringify(span)), lost: () => {} });
    const trace = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
    polylog.withContext({ trace }, () => core.connect());
    polylog.flushSync();`,
  );
  const span = JSON.parse(stdout || "{}");
  expect(span, stderr).toMatchObject({
    name: "connect",
    system: "cpp",
    traceId: "0af7651916cd43dd8448eb211c80319c",
    parentSpanId: "b7ad6b7169203331",
    attributes: { node: 3 },
  });
  expect(records[0]).toMatchObject({ trace_id: span.traceId, span_id: span.spanId });
});

it("its levels are those of JavaScript", (context) => {
  const { records } = run(
    context,
    `${LOAD} polylog.getLogger("my_core::cluster").setLevel("debug"); core.connect();
    polylog.setFilter("my_core=off"); polylog.getLogger("my_core::cluster").setLevel(undefined); core.connect();`,
  );
  expect(records.map(({ message }) => message)).toEqual(["connecting to seed", "handshake"]);
});

it("spdlog's records come by its sink, under the name of its logger", (context) => {
  const { records, stdout } = run(
    context,
    `${LOAD} polylog.setLogLevel("debug"); console.log(core.connectBySpdlog());`,
  );
  if (stdout === "false\n") context.skip("pkg-config knows no spdlog: install libspdlog-dev to run this");
  expect(records).toMatchObject([
    { system: "cpp", logger: "my_core.spdlog", severity: "WARNING", message: "node 3 is slow" },
    { severity: "DEBUG", message: "took 1.5 ms" },
  ]);
});

it("a fatal record is out before the process ends by it", (context) => {
  const { records, signal } = run(
    context,
    `${LOAD} setTimeout(() => core.crash(), 0); setInterval(() => {}, 1000);`,
  );
  expect(records).toMatchObject([{ severity: "CRITICAL", message: "out of nodes" }]);
  expect(signal).toBe("SIGABRT");
});
