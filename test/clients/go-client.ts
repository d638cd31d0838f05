import { execFile, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { type Row, textOf, timeOf } from "../receivers/network-server.ts";
import { ROOT } from "../server-process.ts";

/** A client written in Go that sends numbered lines, a second of their own times apart. */
export interface GoClient {
  /** False when nobody asked for it or Go doesn't build it; stderr has the reason. Its tests are skipped then. */
  readonly isBuilt: boolean;
  /** Answers when its first line was written, in milliseconds since 1970. Fails when the program does. */
  send(args: readonly string[]): Promise<number>;
}

const BUILDS = join(ROOT, ".cache/clients");

/**
 * Builds the program in a folder beside this file. Go loads and builds its packages for up to minutes, so only
 * `npm run test:clients` asks for that.
 *
 * @example
 * const drivers = buildGoClient("docker", "Docker's log drivers");
 */
export function buildGoClient(folder: string, name: string): GoClient {
  const program = join(BUILDS, folder);
  return {
    isBuilt: isAsked(name) && build(folder, program, name),
    async send(args) {
      const { stdout } = await promisify(execFile)(program, args);
      return Number(BigInt(stdout.trim()) / 1_000_000n);
    },
  };
}

function isAsked(name: string): boolean {
  if (process.env.POLYLOG_TEST_CLIENTS === "1") return true;
  console.error(`skipped ${name}: Go builds them, only for npm run test:clients`);
  return false;
}

function build(folder: string, program: string, name: string): boolean {
  mkdirSync(BUILDS, { recursive: true });
  const { status, error } = spawnSync("go", ["build", "-buildvcs=false", "-o", program, "."], {
    cwd: join(ROOT, "test/clients", folder),
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) console.error(`skipped ${name}: go doesn't build them (${error ?? status})`);
  return status === 0;
}

/** All have their text, and the time at which the client wrote them. */
export function expectAll(rows: ReadonlyMap<number, Row>, start: number): void {
  for (const [number, row] of rows) {
    expect(row.body).toBe(textOf(number));
    expect(timeOf(row)).toBe(start + number * 1000);
  }
}
