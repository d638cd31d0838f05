import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { createServerClient } from "../client.ts";
import { databaseOfAll, quoteIdentifier } from "../identifier.ts";
import { pause } from "../pause.ts";
import { signalWithin } from "../signal-within.ts";
import { connectViewer, type ViewerConnections } from "../viewer.ts";
import { configXml, IDLE_SOCKET_TTL, type Membership } from "./config.ts";
import type { Home } from "./home.ts";
import { viewerMemoryBytes } from "./memory.ts";
import { type EngineProcess, type Exit, launch } from "./process.ts";
import { type Users, usersXml } from "./users.ts";

export interface StartOptions {
  readonly home: Home;
  readonly library: string;
  readonly database: string;
  readonly memoryBytes: number;
  readonly backupDirectory?: string | undefined;
  readonly port: number;
  readonly users: Users;
  /** Left out for an engine that is by itself. */
  readonly membership?: Membership;
  readonly onLine: (line: string) => void;
}

export type StartOutcome =
  | {
      readonly kind: "ready";
      readonly process: EngineProcess;
      readonly version: string;
      readonly client: ClickHouseClient;
      readonly viewer: ViewerConnections;
    }
  | { readonly kind: "ended"; readonly exit: Exit };

/** Milliseconds after which a process that runs but does not answer is given up. Big directories load for a while. */
const READY_TIMEOUT = 120_000;

/** Writes the configuration, starts the process, and waits until it answers. An abort stops it again. */
export async function start(options: StartOptions, signal: AbortSignal): Promise<StartOutcome> {
  let process: EngineProcess;
  try {
    const configFile = await writeConfiguration(options);
    const { library, membership, onLine } = options;
    process = await launch({ library, configFile, listensToNodes: membership !== undefined, onLine });
  } catch (error) {
    // A full disk or too many processes: may pass, as a crash may.
    return { kind: "ended", exit: { code: null, signal: null, output: [String(error)], reason: null } };
  }
  const version = await untilAnswered(options, process, signal);
  if (version === null) {
    await process.stop();
    return { kind: "ended", exit: await process.exited };
  }
  const { server, viewer } = options.users;
  const common = { url: urlOf(options.port), database: options.database, idleSocketTtl: IDLE_SOCKET_TTL };
  return {
    kind: "ready",
    process,
    version,
    client: createServerClient({ ...common, ...server }),
    viewer: connectViewer({ ...common, ...viewer }),
  };
}

export function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function writeConfiguration(options: StartOptions): Promise<string> {
  const { home, users, database, memoryBytes, port, membership, backupDirectory } = options;
  const usersFile = join(home.config, "users.xml");
  const configFile = join(home.config, "config.xml");
  const config = configXml({
    dataDirectory: home.data,
    usersFile,
    port,
    users,
    memoryBytes,
    backupDirectory,
    ...(membership === undefined ? {} : { membership }),
  });
  const databases = membership === undefined ? [database] : [database, databaseOfAll(database)];
  const access = usersXml({
    users,
    databases,
    isNode: membership !== undefined,
    serverGrants: membership?.grants,
    viewerMemoryBytes: viewerMemoryBytes(memoryBytes),
  });
  await home.writePrivate(usersFile, access);
  await home.writePrivate(configFile, config);
  return configFile;
}

/** The version once it answers and its database is there; null when it ended, was aborted, or took too long. */
async function untilAnswered(
  options: StartOptions,
  process: EngineProcess,
  signal: AbortSignal,
): Promise<string | null> {
  const ended = new AbortController();
  const over = signalWithin(READY_TIMEOUT, signal, ended.signal);
  void process.exited.then(() => ended.abort());
  const client = createServerClient({
    url: urlOf(options.port),
    ...options.users.server,
    idleSocketTtl: IDLE_SOCKET_TTL,
  });
  try {
    while (!over.aborted) {
      const version = await prepare(client, options.database, over).catch(() => null);
      if (version !== null) return version;
      await pause(20, over);
    }
    return null;
  } finally {
    await client.close();
  }
}

async function prepare(client: ClickHouseClient, database: string, signal: AbortSignal): Promise<string> {
  const answer = await client.query({
    query: "SELECT version() AS version",
    format: "JSONEachRow",
    abort_signal: signal,
  });
  const [row] = await answer.json<{ version: string }>();
  if (row === undefined) throw new Error("no answer");
  await client.command({
    query: `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)} ENGINE = Atomic`,
    abort_signal: signal,
  });
  return row.version;
}
