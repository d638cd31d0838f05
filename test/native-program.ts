import { spawn } from "node:child_process";
import { beforeAll, type TestContext } from "vitest";
import { type BuiltAddon, buildAddon } from "./native-addon.ts";
import { ROOT } from "./server-process.ts";

/** How a program ended, and what it wrote. */
interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** Lines of JSON. */
  readonly records: readonly Record<string, unknown>[];
  readonly messages: readonly unknown[];
  readonly stdout: string;
}

export interface NativePrograms {
  /** Of the addon. */
  readonly path: string;
  /** Runs a program in which `load()` loads the addon; records come as JSON. */
  run(context: TestContext, program: string, environment?: Record<string, string>): Promise<Outcome>;
}

/** Builds the addon of the bench before the tests of a file. Where there is no cargo they are skipped. */
export function nativePrograms(): NativePrograms {
  let addon: BuiltAddon;
  beforeAll(() => {
    addon = buildAddon("polylog-bench");
  }, 280_000);

  async function run(
    context: TestContext,
    program: string,
    environment: Record<string, string> = {},
  ): Promise<Outcome> {
    if (addon.reason !== undefined) {
      console.warn(addon.reason);
      context.skip(addon.reason);
    }
    const code = `import { createRequire } from "node:module";
      const require = createRequire(${JSON.stringify(`${ROOT}/test/`)});
      const load = () => require(${JSON.stringify(addon.path)});
      ${program}`;
    const { RUST_LOG: _, ...env } = process.env;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
      cwd: ROOT,
      env: { ...env, NO_COLOR: "1", POLYLOG_FORMAT: "json", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 30_000,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once("close", (...outcome) => resolve(outcome));
    });
    const records = stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return {
      code: exitCode,
      signal,
      stdout,
      stderr,
      records,
      messages: records.map(({ message }) => message),
    };
  }

  return {
    get path() {
      return addon.path ?? "";
    },
    run,
  };
}
