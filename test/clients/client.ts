import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect } from "vitest";
import {
  type NetworkServer,
  type Row,
  startNetworkServer,
  textOf,
  timeOf,
} from "../receivers/network-server.ts";
import { ROOT } from "../server-process.ts";

/** A client that sends numbered lines, a second of their own times apart. */
export interface Client {
  /** False when nobody asked for it or it can't be built; stderr has the reason. Its tests are skipped then. */
  readonly isBuilt: boolean;
  /** Answers when its first line was written, in milliseconds since 1970. Fails when the program does. */
  send(args: readonly string[]): Promise<number>;
}

/** Where clients are built. */
export const BUILDS = join(ROOT, ".cache/clients");

/** How one is built and run. */
interface Build {
  /** In words, for whoever reads why it was skipped. */
  readonly name: string;
  /** The command that builds it, and its folder. */
  readonly build: readonly [command: string, ...args: string[]];
  readonly folder: string;
  /** The command that runs it. */
  readonly run: readonly [command: string, ...args: string[]];
}

/** Builds a client in another language. That takes up to minutes, so only `npm run test:clients` asks for it. */
export function buildClient({ name, build, folder, run }: Build): Client {
  const [program, ...before] = run;
  return {
    isBuilt: isAsked(name) && isDone(name, build, folder),
    async send(args) {
      const { stdout } = await promisify(execFile)(program, [...before, ...args]);
      // Clients may have a word of their own behind it.
      return Number(BigInt(/^\d+/.exec(stdout)?.[0] ?? "") / 1_000_000n);
    },
  };
}

function isAsked(name: string): boolean {
  if (process.env.POLYLOG_TEST_CLIENTS === "1") return true;
  console.error(`skipped ${name}: built only for npm run test:clients`);
  return false;
}

function isDone(name: string, [command, ...args]: Build["build"], cwd: string): boolean {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) console.error(`skipped ${name}: ${command} doesn't build them (${error ?? status})`);
  return status === 0;
}

/** The whole server, for the tests of a file; started where their client is built. */
export function useServer(
  { isBuilt }: Client,
  receivers: string,
): Pick<NetworkServer, "address" | "portOf" | "found"> {
  let server: NetworkServer;
  beforeAll(async () => {
    if (isBuilt) server = await startNetworkServer(receivers);
  });
  afterAll(() => server?.stop());
  return {
    get address() {
      return server.address;
    },
    portOf: (...port) => server.portOf(...port),
    found: (...rows) => server.found(...rows),
  };
}

/** All have their text, and the time at which the client wrote them. */
export function expectAll(rows: ReadonlyMap<number, Row>, start: number): void {
  for (const [number, row] of rows) {
    expect(row.body).toBe(textOf(number));
    expect(timeOf(row)).toBe(start + number * 1000);
  }
}
