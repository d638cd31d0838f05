import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SearchResponse } from "../packages/server/src/contract/index.ts";
import { poll } from "./poll.ts";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const MAIN = join(ROOT, "packages/server/dist/cli/main.js");

export interface ServerProcess {
  readonly address: string;
  /** host:port of OTLP over gRPC. */
  readonly grpcAddress: string;
  readonly dataDirectory: string;
  readonly child: ChildProcess;
  /** All that the process has printed. */
  output(): string;
  /** Newest records that match, of all times unless told otherwise. */
  search(query: string, parameters?: Readonly<Record<string, string>>): Promise<SearchResponse>;
  /** Orderly stop; removes the data unless told to keep it. Resolves to the exit code. */
  stop(options?: { keepData?: boolean }): Promise<number | null>;
}

export interface ServerProcessOptions {
  readonly flags?: readonly string[];
  readonly dataDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** `polylog serve` as people run it: the built command, in a process of its own, on free ports. */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), "polylog-test-")));
  const flags = [
    "serve",
    "--port",
    "0",
    "--grpc-port",
    "0",
    "--data",
    dataDirectory,
    ...(options.flags ?? []),
  ];
  const child = spawn(process.execPath, [MAIN, ...flags], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...options.environment },
  });
  let printed = "";
  const collect = (chunk: Buffer): void => {
    printed += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));

  const address = await poll("the server prints its address", () => {
    if (child.exitCode !== null) throw new Error(printed);
    return /http:\/\/[\w.:[\]]+:\d+/.exec(printed)?.[0];
  });
  await poll("the server is ready", async () => (await fetch(`${address}/readyz`)).ok);
  const status = (await (await fetch(`${address}/api/v1/status`)).json()) as {
    endpoints: { grpc: string | null };
  };

  return {
    address,
    grpcAddress: status.endpoints.grpc ?? "",
    dataDirectory,
    child,
    output: () => printed,
    async search(query, parameters = {}) {
      const search = new URLSearchParams({
        query,
        from: "1980-01-01T00:00:00Z",
        to: "now+1d",
        ...parameters,
      });
      const response = await fetch(`${address}/api/v1/logs?${search}`);
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      return (await response.json()) as SearchResponse;
    },
    async stop({ keepData = false } = {}) {
      if (child.exitCode === null) child.kill("SIGTERM");
      const code = await ended;
      if (!keepData) await rm(dataDirectory, { recursive: true, force: true });
      return code;
    },
  };
}
