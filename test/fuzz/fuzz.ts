import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRandom } from "../random.ts";
import type { Coverage } from "./coverage.ts";
import { createMutator } from "./mutate.ts";
import type { Target } from "./target.ts";

export interface FuzzOptions {
  /** How many inputs to try. */
  readonly inputs: number;
  readonly seed: number;
  /** What to begin with; grows by what reaches new code. */
  readonly corpus: Buffer[];
  /** Without it, inputs are not chosen by what they reach. */
  readonly startCoverage?: () => Coverage;
  /** Called before each input, so that somebody else can tell a hang. */
  readonly onInput?: (input: Buffer) => void;
}

/** An input that a decoder did wrong with. */
export interface Finding {
  readonly input: Buffer;
  readonly problem: string;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly findings: readonly Finding[];
  /** Inputs that reached new code. */
  readonly found: readonly Buffer[];
  /** Blocks of code that ran; 0 when nobody counted. */
  readonly blocks: number;
  /** Bytes by which memory grew from the first tenth of the inputs to the last. */
  readonly grownBytes: number;
}

/** The share of inputs that are chosen by what code they reach, and the most of them. */
const GUIDED_SHARE = 0.1;
const MAX_GUIDED = 5_000;
/** Inputs between two turns of the event loop. */
const INPUTS_PER_TURN = 32;
/** Inputs between two looks at the coverage, which costs some milliseconds. */
const INPUTS_PER_LOOK = 100;
/** An input that takes longer is tried again, as it may not have been its fault. */
const SLOW_MS = 150;
/** Findings of one target after which it is not worth going on. */
const MAX_FINDINGS = 20;
/** Memory that may be caches filling up. */
const MAX_GROWTH = 24 << 20;
const MAX_KEPT_LENGTH = 2048;

/**
 * Tries inputs on a target: first those of the corpus, then changed ones.
 *
 * @example
 * const { findings } = await fuzz(target, { inputs: 10_000, seed: 1, corpus: readCorpus(directory, target) });
 */
export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzResult> {
  const { inputs, seed, corpus, onInput = () => {} } = options;
  const random = createRandom(seed);
  const mutator = createMutator(random, target.words);
  const findings: Finding[] = [];
  const found: Buffer[] = [];
  const problems = new Set<string>();
  let tried = 0;

  function run(input: Buffer): Promise<string | undefined> {
    onInput(input);
    return problemWith(target, input);
  }

  async function attempt(input: Buffer): Promise<void> {
    tried++;
    // In a server each message has a turn of its own, at whose end zlib lets go of what it held.
    if (tried % INPUTS_PER_TURN === 0) await new Promise(setImmediate);
    const start = performance.now();
    let problem = await run(input);
    if (performance.now() - start > SLOW_MS) problem ??= await slowness(target, input);
    if (problem === undefined) return;
    // One finding of a kind is enough.
    const kind = problem.replaceAll(/\d+/g, "0").slice(0, 300);
    if (problems.has(kind)) return;
    problems.add(kind);
    findings.push({ input, problem });
  }

  const isOver = (): boolean => findings.length >= MAX_FINDINGS;
  for (const input of corpus) await attempt(input);

  const coverage = options.startCoverage?.();
  if (coverage !== undefined) {
    for (const input of corpus) await run(input);
    coverage.hasNew();
    coverage.accept();
    const guided = Math.min(MAX_GUIDED, inputs * GUIDED_SHARE);
    while (tried < guided && !isOver()) {
      const batch = Array.from({ length: INPUTS_PER_LOOK }, () => mutator.next(corpus));
      for (const input of batch) await attempt(input);
      if (coverage.hasNew()) await keepNew(batch, coverage);
    }
    coverage.stop();
  }

  /** Finds those of a batch that reach new code, by halves. */
  async function keepNew(batch: readonly Buffer[], coverage: Coverage): Promise<void> {
    for (const input of batch) await run(input);
    if (!coverage.hasNew()) return;
    if (batch.length === 1) {
      coverage.accept();
      if (batch[0]!.length > MAX_KEPT_LENGTH) return;
      corpus.push(batch[0]!);
      found.push(batch[0]!);
      return;
    }
    const middle = batch.length >> 1;
    await keepNew(batch.slice(0, middle), coverage);
    await keepNew(batch.slice(middle), coverage);
  }

  const levels: number[] = [];
  const step = Math.max(1, Math.floor((inputs - tried) / 10));
  let untilLevel = step;
  while (tried < inputs && !isOver()) {
    await attempt(mutator.next(corpus));
    if (--untilLevel > 0) continue;
    untilLevel = step;
    levels.push(memoryInUse());
  }
  const grownBytes = growthOf(levels);
  if (grownBytes > MAX_GROWTH) {
    findings.push({ input: Buffer.alloc(0), problem: `memory grew by ${grownBytes >> 20} MiB` });
  }
  return { inputs: tried, findings, found, blocks: coverage?.size ?? 0, grownBytes };
}

/** What the decoder did wrong with an input, if anything. */
async function problemWith(target: Target, input: Buffer): Promise<string | undefined> {
  try {
    // A copy: what a decoder writes into its input must not change the corpus.
    const work = target.decode(Buffer.from(input), createRandom(seedOf(input)));
    if (work !== undefined) await work;
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Says that an input is slow, when it is each of three times: the machine may have been busy. */
async function slowness(target: Target, input: Buffer): Promise<string | undefined> {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 3; times++) {
    const start = process.cpuUsage();
    await problemWith(target, input);
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least > SLOW_MS ? `${Math.round(least)} ms for ${input.length} bytes` : undefined;
}

/** FNV-1a. */
function seedOf(input: Buffer): number {
  let hash = 0x811c9dc5;
  for (const byte of input) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** Bytes that are left when all that can be freed is. */
function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** By how much memory is more at the end than at the beginning, at the least. */
function growthOf(levels: readonly number[]): number {
  if (levels.length < 10) return 0;
  return Math.max(0, Math.min(...levels.slice(-3)) - Math.max(...levels.slice(0, 3)));
}
