import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "./poll.ts";
import { ROOT } from "./server-process.ts";

/** One line of the log, as far as the tests look at it. */
interface LogLine {
  readonly severity: string;
  readonly logger: string;
  readonly message: string;
  readonly trace_id?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly exception?: { readonly stack: string };
}

export interface ExampleProcess {
  readonly port: number;
  /** What was logged up to now. */
  lines(): LogLine[];
  /** All that was printed. */
  output(): string;
  stop(): Promise<void>;
}

interface Manifest {
  readonly dependencies: Record<string, string>;
}

interface Lock {
  readonly packages: Record<string, Manifest | undefined>;
}

const SDK = join(ROOT, "packages/sdk");

/**
 * The folder in which an example runs. Those whose framework the repository has run where they lie; the others, which
 * have a lock file of their own, in a copy, with the packages it names and the SDK as it is built here.
 *
 * @returns the folder, or why there can't be one: the registry can't be reached
 */
export function prepareExample(name: string): { readonly folder: string } | { readonly unreachable: string } {
  const source = join(ROOT, "examples", name);
  if (!existsSync(join(source, "package-lock.json"))) return { folder: source };

  const folder = join(ROOT, ".cache/examples", name);
  const isOwn = (path: string) => !/[/\\](node_modules|dist|\.next)([/\\]|$)/.test(path.slice(source.length));
  cpSync(source, folder, { recursive: true, filter: isOwn });
  const { manifest, lock } = withoutPolylog(source);
  const installed = join(folder, "node_modules/.installed-from");
  if (!existsSync(installed) || readFileSync(installed, "utf8") !== lock) {
    writeFileSync(join(folder, "package.json"), manifest);
    writeFileSync(join(folder, "package-lock.json"), lock);
    const { status, stderr } = spawnSync("npm", ["ci", "--ignore-scripts", "--fetch-retries=1"], {
      cwd: folder,
      encoding: "utf8",
      timeout: 240_000,
    });
    const isUnreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|E404)\b/;
    if (status !== 0 && isUnreachable.test(stderr)) return { unreachable: isUnreachable.exec(stderr)![0] };
    if (status !== 0) throw new Error(`npm ci of examples/${name} failed:\n${stderr}`);
    writeFileSync(installed, lock);
  }
  const polylog = join(folder, "node_modules/polylog");
  rmSync(polylog, { recursive: true, force: true });
  cpSync(join(SDK, "dist"), join(polylog, "dist"), { recursive: true });
  cpSync(join(SDK, "package.json"), join(polylog, "package.json"));
  return { folder };
}

/** What names the SDK by its place in the repository would lead nowhere from the copy. */
function withoutPolylog(source: string): { readonly manifest: string; readonly lock: string } {
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as Manifest;
  const lock = JSON.parse(readFileSync(join(source, "package-lock.json"), "utf8")) as Lock;
  delete manifest.dependencies.polylog;
  delete lock.packages[""]?.dependencies.polylog;
  delete lock.packages["node_modules/polylog"];
  delete lock.packages["../../packages/sdk"];
  return { manifest: JSON.stringify(manifest, null, 2), lock: JSON.stringify(lock, null, 2) };
}

/** Starts an example as its README says, on a free port. */
export async function startExample(folder: string): Promise<ExampleProcess> {
  // In a group of its own: npm doesn't pass signals on to what it started.
  const child = spawn("npm", ["start"], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...{ PORT: "0", POLYLOG_FORMAT: "json", POLYLOG_STREAM: "stdout" },
      ...{ NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    },
  });
  let printed = "";
  const collect = (chunk: Buffer): void => {
    printed += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    endGroup(child);
    await ended;
  };

  try {
    const port = await poll(
      "the example says its port or ends",
      () => {
        if (child.exitCode !== null) return [];
        return /"port":(\d+)[,}]|http:\/\/localhost:(\d+)\s/.exec(printed) ?? undefined;
      },
      120_000,
    );
    if (port.length === 0) throw new Error(`${folder} ended at once:\n${printed}`);
    return { port: Number(port[1] ?? port[2]), lines: () => linesOf(printed), output: () => printed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch {
    // It has ended in between.
  }
}

function linesOf(printed: string): LogLine[] {
  return printed
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as LogLine);
}
