import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { keepInputs, readCorpus } from "./corpus.ts";
import type { Finding, FuzzResult } from "./fuzz.ts";
import { CurrentInput, type FuzzOrder, type FuzzReport } from "./message.ts";
import type { Target } from "./target.ts";
import { TARGETS } from "./targets/index.ts";

const USAGE = `npm run test:fuzz -- [--inputs N] [--seed S] [--keep] [TARGET …]

Tries N inputs (10 million) in all on every decoder, or on those that are named (by what their names begin with).
--keep adds inputs that reached new code, and those that broke something, to the corpus in test/fuzz/testdata.`;

/** Milliseconds without a step after which an input counts as a hang. */
const HANG_MS = 60_000;
const LOOK_MS = 500;
/** Memory that a decoder may need: an input has 4 KiB. */
const MAX_HEAP_MB = 512;

const root = process.cwd();
const corpusDirectory = join(root, "test", "fuzz", "testdata");
const findingsDirectory = join(root, "test-results", "fuzz");

/** What a worker that ended before its time was at. */
class Broken extends Error {
  readonly finding: Finding;
  constructor(input: Buffer, problem: string) {
    super(problem);
    this.finding = { input, problem };
  }
}

const { values, positionals } = parseArgs({
  options: {
    inputs: { type: "string", default: "10000000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const targets = TARGETS.filter(
  ({ name }) => positionals.length === 0 || positionals.some((start) => name.startsWith(start)),
);
const total = Number(values.inputs);
const seed = Number(values.seed);
if (targets.length === 0 || !(total > 0) || !Number.isSafeInteger(seed)) {
  console.error(`${USAGE}\n\nTargets: ${TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

console.log(`${total} inputs for ${targets.length} targets, seed ${seed}`);
let tried = 0;
let broken = 0;
for (const target of targets) {
  const start = performance.now();
  const result = await fuzzInWorker(target, Math.ceil(total / targets.length));
  const seconds = (performance.now() - start) / 1000;
  tried += result.inputs;
  broken += result.findings.length;
  console.log(
    [
      target.name.padEnd(24),
      `${result.inputs} inputs`.padStart(16),
      `${Math.round(result.inputs / seconds)}/s`.padStart(10),
      `${result.blocks} blocks`.padStart(13),
      `${result.found.length} new`.padStart(8),
      `+${(result.grownBytes / 2 ** 20).toFixed(1)} MiB`.padStart(12),
      result.findings.length === 0 ? "  fine" : `  ${result.findings.length} FOUND`,
    ].join(""),
  );
  for (const finding of result.findings) tell(target, finding);
  if (values.keep) {
    const inputs = [...result.findings.map(({ input }) => input), ...result.found];
    keepInputs(
      corpusDirectory,
      target.name,
      inputs.filter(({ length }) => length > 0),
    );
  }
}
console.log(`${tried} inputs, ${broken} found`);
process.exit(broken === 0 ? 0 : 1);

async function fuzzInWorker(target: Target, inputs: number): Promise<FuzzResult> {
  try {
    return await runWorker({
      ...{ name: target.name, inputs, seed },
      corpus: readCorpus(corpusDirectory, target),
      current: CurrentInput.allocate(),
    });
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { inputs: 0, findings: [error.finding], found: [], blocks: 0, grownBytes: 0 };
  }
}

function runWorker(order: FuzzOrder): Promise<FuzzReport> {
  const current = new CurrentInput(order.current);
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  return new Promise((resolve, reject) => {
    let last = -1;
    let since = performance.now();
    const watch = setInterval(() => {
      const { count } = current;
      if (count !== last) {
        last = count;
        since = performance.now();
      } else if (count > 0 && performance.now() - since > HANG_MS) {
        reject(new Broken(current.get(), `hangs for more than ${HANG_MS} ms`));
        void worker.terminate();
      }
    }, LOOK_MS);
    worker.once("message", (report: FuzzReport) => {
      // A clone's buffers are plain arrays of bytes.
      const findings = report.findings.map(({ input, problem }) => ({ input: Buffer.from(input), problem }));
      resolve({ ...report, findings, found: report.found.map((input) => Buffer.from(input)) });
    });
    worker.once("error", (error) => reject(new Broken(current.get(), error.stack ?? String(error))));
    worker.once("exit", (code) => {
      clearInterval(watch);
      if (code !== 0) reject(new Broken(current.get(), `the worker ended with ${code}`));
    });
  });
}

function tell({ name }: Target, { input, problem }: Finding): void {
  mkdirSync(findingsDirectory, { recursive: true });
  const digest = createHash("sha256").update(input).digest("hex").slice(0, 12);
  const file = join(findingsDirectory, `${name}-${digest}`);
  writeFileSync(file, input);
  console.log(`  ${problem.split("\n").slice(0, 6).join("\n  ")}\n  input: ${file}`);
}
