import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { SearchResponse, StatusResponse } from "../../packages/server/src/contract/index.ts";
import { poll } from "../poll.ts";
import type { FoundRecord } from "./ledger.ts";
import type { Endpoints } from "./writers.ts";

/** A server that is ended by force and started again, always on the same ports. */
export interface Victim {
  readonly endpoints: Endpoints;
  /** Process ids; undefined while it isn't running. */
  readonly pid: number | undefined;
  readonly enginePid: number | undefined;
  /** Starts it when it isn't running. Resolves when the process is there, ready or not. */
  start(): void;
  /** Whether it can be asked now. */
  isReady(): Promise<boolean>;
  /** Resolves when it can take records in, and all that it has acknowledged can be found. */
  settled(): Promise<void>;
  /** All records of a round. */
  find(round: string): Promise<FoundRecord[]>;
  /** The last lines of what it has printed. */
  output(): string;
  kill(): Promise<void>;
}

export interface VictimOptions {
  readonly dataDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

const MAIN = join(process.cwd(), "packages/server/dist/cli/main.js");
/** Milliseconds until a server must be itself again after whatever was done to it. */
const RECOVERY = 90_000;
const PAGE = 5_000;
const KEPT_OUTPUT = 8_000;

export async function createVictim(options: VictimOptions): Promise<Victim> {
  const [port, grpcPort] = [await freePort(), await freePort()];
  const http = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let printed = "";

  function start(): void {
    if (child !== undefined) return;
    const flags = [
      "serve",
      "--port",
      String(port),
      "--grpc-port",
      String(grpcPort),
      "--data",
      options.dataDirectory,
    ];
    const started = spawn(process.execPath, [MAIN, ...flags, ...(options.flags ?? [])], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", ...options.environment },
    });
    const collect = (chunk: Buffer): void => {
      printed = (printed + chunk.toString()).slice(-KEPT_OUTPUT);
    };
    started.stdout.on("data", collect);
    started.stderr.on("data", collect);
    child = started;
    ended = new Promise((resolve) => {
      started.once("exit", () => {
        if (child === started) child = undefined;
        resolve();
      });
    });
  }

  async function isReady(): Promise<boolean> {
    return (await fetch(`${http}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok;
  }

  async function isSettled(): Promise<boolean> {
    // One that could not start, as on a full disk, is started again as a supervisor would.
    start();
    if (!(await isReady())) return false;
    const patience = { signal: AbortSignal.timeout(5_000) };
    const status = (await (await fetch(`${http}/api/v1/status`, patience)).json()) as StatusResponse;
    const isWhole = (status.engine.nodes ?? []).every(({ isAway }) => !isAway);
    return isWhole && (status.spool?.records ?? 0) === 0;
  }

  async function page(round: string, cursor: string | null): Promise<SearchResponse> {
    const search = new URLSearchParams({
      query: `attributes.oracle_round:"${round}"`,
      from: "1980-01-01T00:00:00Z",
      to: "now+30d",
      limit: String(PAGE),
      ...(cursor === null ? {} : { cursor }),
    });
    const response = await fetch(`${http}/api/v1/logs?${search}`);
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    const answer = (await response.json()) as SearchResponse;
    if (answer.partial) throw new Error("the answer is partial");
    return answer;
  }

  return {
    endpoints: { http, grpcPort },
    get pid() {
      return child?.pid;
    },
    get enginePid() {
      return child?.pid === undefined ? undefined : firstChildOf(child.pid);
    },
    start,
    isReady: () => isReady().catch(() => false),
    settled: async () => {
      await poll("the server recovers", isSettled, RECOVERY);
    },
    async find(round) {
      const found: FoundRecord[] = [];
      for (let cursor: string | null = null; ; ) {
        const { rows, nextCursor } = await page(round, cursor);
        for (const { attributes, body } of rows) {
          const { oracle_id: id = "", oracle_request: request = "" } = attributes;
          found.push({ id, request, body });
        }
        if (nextCursor === null) return found;
        cursor = nextCursor;
      }
    },
    output: () => printed,
    async kill() {
      child?.kill("SIGKILL");
      await ended;
    },
  };
}

function firstChildOf(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return children.trim().split(/\s+/).filter(Boolean).map(Number)[0];
  } catch {
    return undefined;
  }
}

/** A port that nobody has now. It must stay the same over restarts, so the system can't be asked each time. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
