import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { EngineNode } from "@polylog/engine";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { claimServerNumber, KEPT_HOURS, renewServerNumber } from "./server-number.ts";

export interface ServerIdentity {
  /** This server's number among those that write to the store. */
  readonly number: number;
  /** Lets the number go after some time. */
  stop(): void;
}

export interface IdentityOptions {
  readonly nodes: readonly EngineNode[];
  /** Where this server's own files lie. A copy of it must not run beside the first. */
  readonly directory: string;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Ends the wait for a majority of the nodes. */
  readonly signal: AbortSignal;
}

interface Kept {
  readonly instance: string;
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly renewed: number;
}

const FILE = "server-number.json";
const HOUR = 3_600_000;
/** Milliseconds between tries while no majority of the nodes answers. */
const RETRY = 1_000;

/**
 * Numbers this server: claims a number of the store, keeps it in a file, and renews it every hour. A number that was
 * renewed lately is good without asking, so that a server can be restarted while nodes are away.
 *
 * Rejects with the signal's reason when that ends the wait.
 */
export async function identifyServer(options: IdentityOptions): Promise<ServerIdentity> {
  const { nodes, directory, log, clock, signal } = options;
  const file = join(directory, FILE);
  const kept = await readKept(file);
  const instance = kept?.instance ?? randomUUID();
  const isFresh = kept !== undefined && clock() - kept.renewed < (KEPT_HOURS / 2) * HOUR;
  const number = isFresh ? kept.number : await claim();
  await keep();
  const timer = setInterval(() => void renew(), HOUR).unref();
  if (isFresh) void renew();

  async function claim(): Promise<number> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await claimServerNumber({ nodes, instance });
      } catch (error) {
        if (!(error instanceof PolylogError) || error.retryAfterSeconds === undefined) throw error;
        if (isFirst) log.warn("this server has no number yet", { error });
        await delay(RETRY, undefined, { signal }).catch(() => {});
        signal.throwIfAborted();
      }
    }
  }

  async function renew(): Promise<void> {
    try {
      await renewServerNumber(nodes, { number, instance });
      await keep();
    } catch (error) {
      log.warn("this server's number could not be renewed", { number, error });
    }
  }

  async function keep(): Promise<void> {
    await mkdir(directory, { recursive: true });
    const text = JSON.stringify({ instance, number, renewed: clock() } satisfies Kept);
    await writeFile(`${file}.new`, `${text}\n`);
    await rename(`${file}.new`, file);
  }

  return { number, stop: () => clearInterval(timer) };
}

async function readKept(file: string): Promise<Kept | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, "utf8")) as Partial<Kept>;
    const { instance, number, renewed } = kept;
    if (typeof instance !== "string" || typeof number !== "number" || typeof renewed !== "number")
      return undefined;
    return { instance, number, renewed };
  } catch {
    // None yet, or a damaged one: another number is as good.
    return undefined;
  }
}
