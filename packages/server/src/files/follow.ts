import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type TimeZone, timeZone } from "../formats/time/zone.ts";
import type { Logger } from "../log.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import { DirectoryWatch } from "./directory-watch.ts";
import { type FileIdentity, findByIdentity, identify, identityKey } from "./file-identity.ts";
import { findCopied } from "./find-copied.ts";
import { type FileState, FollowState } from "./follow-state.ts";
import { FOLLOW_TIMES, FollowedFile, type FollowTimes } from "./followed-file.ts";
import { expandGlob, isGlob } from "./glob.ts";
import { isFollowable } from "./is-followable.ts";
import type { RecordSink } from "./record-sink.ts";
import { Wake } from "./wake.ts";

export interface FollowOptions {
  readonly globs: readonly string[];
  /** Where it is kept how far each file has been read. */
  readonly stateDirectory: string;
  readonly sink: RecordSink;
  readonly log: Logger;
  /** For times that name no zone; the machine's own by default. */
  readonly zone?: TimeZone;
  /** This machine's name by default. */
  readonly host?: string;
  /** Milliseconds after which files are looked at even if the system tells of no change; 1000 by default. */
  readonly pollInterval?: number;
  readonly times?: Partial<FollowTimes>;
}

/** Files being followed. */
export interface Following {
  /** The files that are being read, by their paths. */
  readonly paths: readonly string[];
  /** Ends it; what has been read but not committed is read again another time. */
  stop(): Promise<void>;
}

/** What the store is called in complaints. */
const STORE = "the store";
/** Milliseconds between two looks for new files where nothing told of any. */
const DISCOVERY_INTERVAL = 5000;
/** Milliseconds between two rounds: a busy writer must not make a batch of every line. */
const LEAST_PAUSE = 100;

/**
 * Reads files as they grow and gives their records to the sink: new files that the globs come to name, files
 * that are rotated by renaming or by copying and truncating, and after a restart from where it left off. A
 * record is given at least once: how far a file has been read is saved when the sink has committed. Until then it is not read
 * on, and the others are.
 *
 * @example
 * const following = await followFiles({ globs: ["/var/log/*.log"], stateDirectory, sink, log });
 * await following.stop();
 */
export async function followFiles(options: FollowOptions): Promise<Following> {
  const follower = new Follower(options);
  await follower.start();
  return follower;
}

class Follower implements Following {
  readonly #options: FollowOptions;
  readonly #times: FollowTimes;
  readonly #zone: TimeZone;
  readonly #state: FollowState;
  readonly #files = new Map<string, FollowedFile>();
  /** What the last run, or this one before it lost sight of a file, knew of files not followed now. */
  readonly #known = new Map<string, FileState>();
  /** What has been complained of, so that it is told once. */
  readonly #told = new Set<string>();
  readonly #wake = new Wake();
  readonly #stopping = new AbortController();
  readonly #delivery: Delivery;
  readonly #watch: DirectoryWatch;
  #nextDiscovery = 0;
  /** Whether there is more to be read than was. */
  #isBusy = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#times = { ...FOLLOW_TIMES, ...options.times };
    this.#zone = options.zone ?? timeZone("local");
    this.#state = new FollowState(options.stateDirectory);
    this.#delivery = createDelivery({
      sink: options.sink,
      log: options.log,
      signal: this.#stopping.signal,
      onTrouble: (error) => this.#complain(STORE, error),
      onSettled: (hasMore) => {
        this.#told.delete(STORE);
        if (hasMore) this.#isBusy = true;
        this.#wake.set();
      },
    });
    this.#watch = new DirectoryWatch((isNameChange) => {
      if (isNameChange) this.#nextDiscovery = 0;
      this.#wake.set();
    });
  }

  get paths(): readonly string[] {
    return [...this.#files.values()].map((file) => file.path).sort();
  }

  async start(): Promise<void> {
    for (const state of await this.#state.load(this.#options.log)) {
      this.#known.set(identityKey(state), state);
    }
    for (const glob of this.#options.globs) this.#watch.add(baseDirectory(glob));
    await this.#discover();
    for (const state of [...this.#known.values()]) {
      try {
        await this.#meetMoved(state);
      } catch (error) {
        this.#complain(state.path, error);
      }
    }
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.set();
    await this.#running;
    await this.#delivery.settled();
    await this.#save();
    this.#watch.close();
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      const begun = performance.now();
      await this.#round().catch((error: unknown) => this.#complain("following files", error));
      if (this.#isStopping) break;
      // What is committed ends it, too: its files are read on.
      await this.#wake.sleep(this.#isBusy ? 0 : this.#nextLook());
      const rest = LEAST_PAUSE - (performance.now() - begun);
      if (!this.#isBusy && rest > 0) await this.#pause(rest);
      this.#isBusy = false;
    }
  }

  /** Gives every file its turn whose records are not with the sink already. */
  async #round(): Promise<void> {
    if (performance.now() >= this.#nextDiscovery) await this.#discover();
    for (const file of [...this.#files.values()]) {
      if (this.#isStopping) break;
      if (!this.#delivery.takes(file)) continue;
      try {
        // What has taken its place is new.
        if (await file.notice()) await this.#discover();
        const part = await file.read();
        if (part.records.length > 0) this.#delivery.add(file, part);
        else file.commit();
        if (part.records.length === 0 && part.hasMore) this.#isBusy = true;
      } catch (error) {
        this.#complain(file.path, error);
      }
    }
    this.#delivery.send();
    if (!this.#isStopping) await this.#forgetDone();
    await this.#save();
  }

  /** Looks for files that the globs name and that aren't followed yet. */
  async #discover(): Promise<void> {
    this.#nextDiscovery = performance.now() + DISCOVERY_INTERVAL;
    for (const glob of this.#options.globs) {
      for (const path of await expandGlob(glob, (at, error) => void this.#complain(at, error))) {
        try {
          await this.#meet(path);
        } catch (error) {
          this.#complain(path, error);
        }
      }
    }
  }

  async #meet(path: string): Promise<void> {
    const identity = await identify(path);
    if (identity === undefined || this.#files.has(identityKey(identity))) return;
    const reason = await isFollowable(path);
    if (reason !== undefined) {
      this.#tellOnce(`${path} ${reason}`, () =>
        this.#options.log.info("a file is not followed", { path, reason }),
      );
      return;
    }
    const states = [...this.#files.values()].map((file) => file.state);
    const known =
      this.#known.get(identityKey(identity)) ??
      (await findCopied(path, [...states, ...this.#known.values()]));
    await this.#add(path, identity, known, path);
    this.#watch.add(dirname(path));
  }

  /** Reads on in a file that was renamed while nobody followed it, although no glob names it any more. */
  async #meetMoved(state: FileState): Promise<void> {
    const at = await findByIdentity(dirname(state.path), state);
    if (at !== undefined && (await isFollowable(at)) === undefined)
      await this.#add(state.path, state, state, at);
  }

  async #add(path: string, identity: FileIdentity, known: FileState | undefined, at: string): Promise<void> {
    const options = {
      zone: this.#zone,
      now: () => BigInt(Date.now()) * 1_000_000n,
      defaults: { host: this.#options.host ?? hostname() },
    };
    const file = await FollowedFile.open(path, identity, known, options, this.#times, at);
    const key = identityKey(identity);
    this.#known.delete(key);
    this.#files.set(key, file);
    this.#told.delete(path);
  }

  /** Lets go of files that were moved away or deleted. */
  async #forgetDone(): Promise<void> {
    for (const [key, file] of this.#files) {
      if (!file.isDone || this.#delivery.isUnderWay(file)) continue;
      this.#files.delete(key);
      await file.close();
      // It may be named by a glob under its new name: then it is known how far it was read.
      this.#known.set(key, file.state);
      this.#nextDiscovery = 0;
    }
  }

  async #save(): Promise<void> {
    const states = [...this.#files.values()].map((file) => file.state);
    await this.#state.save([...states, ...[...this.#known.values()].slice(-MAX_KNOWN)]);
  }

  #nextLook(): number {
    const poll = this.#options.pollInterval ?? 1000;
    const isWaiting = [...this.#files.values()].some((file) => file.hasPending);
    return isWaiting ? Math.min(poll, this.#times.flushAfter) : poll;
  }

  /** A pause that only the end cuts short. */
  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }

  #complain(what: string, error: unknown): void {
    const message = (error as Error).message;
    this.#tellOnce(what, () => this.#options.log.warn(`can't go on with ${what}`, { error: message }));
  }

  #tellOnce(key: string, tell: () => void): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    tell();
  }
}

/** Files remembered that are not followed any more. */
const MAX_KNOWN = 1000;

/** The directory below which a glob's files lie. */
function baseDirectory(glob: string): string {
  let directory = resolve(glob);
  while (isGlob(directory)) directory = dirname(directory);
  return directory === resolve(glob) ? dirname(directory) : directory;
}
