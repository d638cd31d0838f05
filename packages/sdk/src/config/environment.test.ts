import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { startScriptedServer } from "../../../../test/scripted-server.ts";
import { createProblems } from "../problems.ts";
import { type EnvironmentOptions, readEnvironment } from "./environment.ts";

const NOTHING: EnvironmentOptions = {
  level: undefined,
  filter: undefined,
  filterFile: undefined,
  format: undefined,
  stream: undefined,
  colors: undefined,
  compactContext: undefined,
  file: undefined,
  appId: undefined,
  endpoint: undefined,
  apiKey: undefined,
  environment: undefined,
};

function read(name: string, value: string) {
  const told: string[] = [];
  const options = readEnvironment(
    { [name]: value },
    createProblems((line) => told.push(line)),
  );
  return { options, told };
}

describe("a variable", () => {
  it.each<[string, string, Partial<EnvironmentOptions>]>([
    ["POLYLOG_LEVEL", " Warning ", { level: "warn" }],
    ["POLYLOG_LEVEL", "off", { level: "off" }],
    ["POLYLOG_LEVEL", "", {}],
    ["POLYLOG_FILTER", "db=debug", { filter: "db=debug" }],
    ["POLYLOG_FILTER_FILE", "/etc/levels", { filterFile: "/etc/levels" }],
    ["POLYLOG_FORMAT", "JSON", { format: "json" }],
    ["POLYLOG_STREAM", "stdout", { stream: "stdout" }],
    ["POLYLOG_COLORS", "auto", {}],
    ["POLYLOG_COLORS", "always", { colors: true }],
    ["POLYLOG_COLORS", "NO", { colors: false }],
    ["POLYLOG_COMPACT_CONTEXT", "false", { compactContext: false }],
    ["POLYLOG_COMPACT_CONTEXT", "1", { compactContext: true }],
    ["POLYLOG_FILE", "app.log", { file: "app.log" }],
    ["POLYLOG_APP_ID", "shop", { appId: "shop" }],
    ["POLYLOG_ENDPOINT", "http://localhost:4318", { endpoint: "http://localhost:4318" }],
    ["POLYLOG_API_KEY", "aura_1", { apiKey: "aura_1" }],
    ["POLYLOG_ENVIRONMENT", "staging", { environment: "staging" }],
    ["POLYLOG_UNKNOWN", "x", {}],
  ])("%s=%s is read", (name, value, options) => {
    expect(read(name, value)).toEqual({ options: { ...NOTHING, ...options }, told: [] });
  });

  it.each([
    ["POLYLOG_LEVEL", "loud", "trace, debug, info, warn, error, fatal or off"],
    ["POLYLOG_FORMAT", "xml", "text, json, logfmt, pretty"],
    ["POLYLOG_STREAM", "stdin", "stdout, stderr"],
    ["POLYLOG_COLORS", "blue", "true or false"],
    ["POLYLOG_COMPACT_CONTEXT", "maybe", "true or false"],
  ])("%s=%s is told and counts as not said", (name, value, expected) => {
    expect(read(name, value)).toEqual({
      options: NOTHING,
      told: [`polylog: ${name}=${value} was left out: expected ${expected} [POLYLOG_E_CONFIG]\n`],
    });
  });
});

/** Runs a program with no variables but these; what it wrote, times cut off. */
function run(
  program: string,
  variables: Record<string, string>,
): Promise<{ stdout: string; stderr: string }> {
  const { PATH = "" } = process.env;
  const options = { cwd: fileURLToPath(new URL("../..", import.meta.url)), env: { PATH, ...variables } };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["--input-type=module", "-e", program], options, (error, stdout, stderr) => {
      if (error) reject(error);
      else resolve({ stdout: untimed(stdout), stderr: untimed(stderr) });
    });
  });
}

const untimed = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME");

const HELLO = `import { log, withContext } from "polylog";
  withContext({ runner: { class: "ThreadRunner", id: "a86ab1f8-5d1c" } }, () => log.info("hello"));`;
const PLAIN = "TIME INFO  [N] [TR(a86ab1f8)] root hello\n";

describe("a process", () => {
  it.each<[string, Record<string, string>, { stdout?: string; stderr?: string }]>([
    ["nothing", {}, { stderr: PLAIN }],
    ["another stream", { POLYLOG_STREAM: "stdout" }, { stdout: PLAIN }],
    ["another level", { POLYLOG_LEVEL: "warn" }, {}],
    ["an application", { POLYLOG_APP_ID: "shop" }, { stderr: PLAIN.replace("[N]", "[N] shop") }],
    [
      "whole ids and names",
      { POLYLOG_COMPACT_CONTEXT: "false" },
      { stderr: PLAIN.replace("TR(a86ab1f8)", "ThreadRunner(a86ab1f8-5d1c)") },
    ],
  ])("is told %s: %j", async (_name, variables, { stdout = "", stderr = "" }) => {
    expect(await run(HELLO, variables)).toEqual({ stdout, stderr });
  });

  const ESCAPE = "\u001b[";
  it.each<[Record<string, string>, boolean]>([
    // Its standard error is a pipe, not a terminal.
    [{}, false],
    [{ POLYLOG_COLORS: "true" }, true],
    [{ POLYLOG_COLORS: "true", NO_COLOR: "1" }, true],
    [{ POLYLOG_COLORS: "false", FORCE_COLOR: "1" }, false],
    [{ POLYLOG_COLORS: "auto", FORCE_COLOR: "1" }, true],
    [{ FORCE_COLOR: "1" }, true],
    [{ FORCE_COLOR: "3", TERM: "dumb" }, true],
    [{ FORCE_COLOR: "0" }, false],
    [{ FORCE_COLOR: "" }, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "" }, true],
    [{ FORCE_COLOR: "1", POLYLOG_FORMAT: "json" }, false],
  ])("with %j is coloured: %s", async (variables, isColored) => {
    expect((await run(HELLO, variables)).stderr.includes(ESCAPE)).toBe(isColored);
  });

  it.each<[string, Record<string, string>, object]>([
    [
      "with a key: Auralogs' protocol",
      { POLYLOG_API_KEY: "aura_1", POLYLOG_ENVIRONMENT: "staging" },
      {
        path: "/v1/logs",
        body: { projectApiKey: "aura_1", logs: [{ message: "hello", environment: "staging" }] },
      },
    ],
    [
      "without one: OTLP",
      {},
      {
        path: "/v1/logs",
        body: { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "hello" } }] }] }] },
      },
    ],
  ])("sends to the server that POLYLOG_ENDPOINT names, %s", async (_name, variables, request) => {
    const server = await startScriptedServer();
    try {
      const { stderr } = await run(HELLO, { POLYLOG_ENDPOINT: server.url, ...variables });
      expect(stderr).toBe(PLAIN);
      expect(server.requests).toMatchObject([request]);
    } finally {
      await server.stop();
    }
  });

  it("counts code more than its variables", async () => {
    const code = HELLO.replace("import { log", "import { configure, log").replace(
      "withContext(",
      'configure({ level: "info", format: "text", appId: "code", compactContext: true, colors: false }); withContext(',
    );
    const { stderr } = await run(code, {
      POLYLOG_LEVEL: "error",
      POLYLOG_FORMAT: "json",
      POLYLOG_APP_ID: "variable",
      POLYLOG_COMPACT_CONTEXT: "false",
      POLYLOG_COLORS: "true",
    });
    expect(stderr).toBe(PLAIN.replace("[N]", "[N] code"));
  });
});
