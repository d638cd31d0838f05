import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, type TestContext } from "vitest";
import { type FoundPython, findPython, installPackages } from "./python.ts";
import { ROOT } from "./server-process.ts";

/** python/polylog: its own tests, its README's programs, and Python as a child of Node. */
const PACKAGE = join(ROOT, "python/polylog");
const LIMIT = 400_000;
const python = findPython();

mkdirSync(join(ROOT, ".cache"), { recursive: true });
const folder = mkdtempSync(join(ROOT, ".cache", "python-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The Python to run with; without one the test is skipped, and says why. */
function found(context: TestContext, candidate: FoundPython = python): string {
  if ("program" in candidate) return candidate.program;
  console.warn(`${context.task.name}: skipped, ${candidate.missing}`);
  context.skip(candidate.missing);
  return "";
}

/** Without what the tests themselves run under; with the package, and no bytecode beside it. */
function environment(): NodeJS.ProcessEnv {
  const foreign = /^(POLYLOG_|OTEL_|FORCE_COLOR$|TRACEPARENT$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    NO_COLOR: "1",
    PYTHONPATH: join(PACKAGE, "src"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** Runs tests of the package; what they said. Ended by their own limits. */
async function unittest(program: string, ...words: string[]): Promise<string> {
  const child = spawn(program, ["-m", "unittest", ...words], { cwd: PACKAGE, env: environment() });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const status = await new Promise((resolve) => child.once("close", resolve));
  expect(status, output).toBe(0);
  return output;
}

it(
  "the package passes its own tests",
  async (context) => {
    const output = await unittest(found(context), "discover", "-s", "tests", "-t", ".");
    expect(Number(/Ran (\d+) tests/.exec(output)?.[1])).toBeGreaterThan(60);
  },
  LIMIT,
);

it(
  "Django's, Flask's and FastAPI's loggers come in",
  async (context) => {
    const program = found(context, installPackages(found(context), "frameworks"));
    const output = await unittest(program, "tests.test_frameworks");
    expect(output).toMatch(/Ran 3 tests[\s\S]*OK\n$/);
  },
  LIMIT,
);

const README = readFileSync(join(PACKAGE, "README.md"), "utf8");
const PROGRAMS = [...README.matchAll(/^```python\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```/gm)].map(
  ([, program = "", output = ""]) => ({ program, output }),
);

describe("the package's README", () => {
  it("has programs", () => expect(PROGRAMS.length).toBeGreaterThan(5));

  it.for(PROGRAMS)("prints $output", ({ program, output }, context) => {
    const { stdout, stderr, status } = spawnSync(found(context), ["-c", program], {
      encoding: "utf8",
      env: environment(),
    });
    expect(status, stderr).toBe(0);
    expect(comparable(stdout + stderr)).toBe(output);
  });
});

const PAGE = readFileSync(join(ROOT, "docs/processes.md"), "utf8");
const PAGE_PROGRAMS = [...PAGE.matchAll(/^```js\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```/gm)].map(
  ([, program = "", output = ""]) => ({ program, output }),
);

describe("docs/processes.md", () => {
  it("has programs", () => expect(PAGE_PROGRAMS).toHaveLength(3));

  it.for(PAGE_PROGRAMS)("prints $output", ({ program, output }, context) => {
    const file = join(folder, "program.mjs");
    writeFileSync(file, program.replace('"python3"', JSON.stringify(found(context))));
    const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
      encoding: "utf8",
      env: environment(),
    });
    expect(status, stderr).toBe(0);
    expect(comparable(stdout + stderr)).toBe(output);
  });
});

/** Times as the pages have them, and no frames of tracebacks. */
function comparable(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-01-01T12:00:00.000Z")
    .replace(/^ {6}File .*\n(?: {8}.*\n)*/gm, "");
}

describe("a worker in Python", () => {
  const WORKER = `
import json, logging, os, sys
import polylog
polylog.install()
log = logging.getLogger("worker.jobs")
for line in sys.stdin:
    job = json.loads(line)
    with polylog.continue_context(job["context"]):
        log.info("working", extra={"job": job["id"]})
        if job["id"] == "crash":
            os.abort()
        if job["id"] == "fail":
            raise ValueError("no such job")
`;
  const SERVICE = `
import { configure, getLogger, withContext } from "polylog";
import { carriedContext, spawn } from "polylog/processes";
configure({ appId: "shop", format: "json" });
const [python, worker, ...jobs] = process.argv.slice(2);
const child = spawn(python, [worker], { lines: ["stderr"], logger: "worker" });
for (const id of jobs) {
  const trace = { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174", traceFlags: 1 };
  withContext({ invocation: "run-" + id, trace }, () => {
    getLogger("service").info("asked", { job: id });
    child.stdin.write(JSON.stringify({ id, context: carriedContext() }) + "\\n");
  });
}
child.stdin.end();
child.stdin.on("error", () => {});
`;

  function serve(context: TestContext, ...jobs: string[]): Record<string, unknown>[] {
    const [service, worker] = [join(folder, "service.mjs"), join(folder, "worker.py")];
    writeFileSync(service, SERVICE);
    writeFileSync(worker, WORKER);
    const words = [service, found(context), worker, ...jobs];
    const { stderr, status } = spawnSync(process.execPath, words, { encoding: "utf8", env: environment() });
    expect(status, stderr).toBe(0);
    return stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it("logs into one stream with the service, in each job's trace and invocation", (context) => {
    const lines = serve(context, "1", "2");
    expect(lines.map(({ system }) => system)).toEqual(["node", "node", "python", "python"]);
    for (const id of ["1", "2"]) {
      const own = lines.filter(({ invocation_id }) => invocation_id === `run-${id}`);
      expect(own).toHaveLength(2);
      for (const line of own) {
        expect(line).toMatchObject({
          app_id: "shop",
          trace_id: "5b8efff798038103d269b633813fc60c",
          metadata: { job: id },
        });
      }
    }
    expect(lines.at(-1)?.text).toMatch(/ INFO {2}\[P\] shop \[run-2\] worker\.jobs working$/);
  });

  it("loses nothing by a crash, which is told", (context) => {
    const lines = serve(context, "1", "crash");
    expect(lines.filter(({ message }) => message === "working")).toHaveLength(2);
    expect(lines.at(-1)).toMatchObject({
      severity: "ERROR",
      logger: "worker",
      system: "python",
      message: "ended by SIGABRT",
    });
  });

  it("tells what it didn't catch, with its traceback", (context) => {
    const lines = serve(context, "fail");
    expect(lines.find(({ logger }) => logger === "python.uncaught")).toMatchObject({
      severity: "CRITICAL",
      exception: { name: "ValueError", stack: expect.stringContaining("Traceback") },
    });
  });
});
