import { parseArgs } from "node:util";
import { createClusterStage } from "./cluster-stage.ts";
import { runRound } from "./round.ts";
import { createStage, type OwnStage } from "./stage.ts";

const USAGE = `npm run test:durability -- [--rounds N] [--seed S] [--cluster]

Writers send records to a server by four protocols while it, its engine, its disk and its clock are maltreated. Each
round then asserts that every acknowledged record is there, once for each request, as it was sent, and no other.
The first of N rounds (100) has the seed S; a failed round is repeated by its own: --rounds 1 --seed S.

With --cluster the records lie on three nodes of ClickHouse, and these are maltreated with the server, which decodes large
requests on two threads.`;

/** A new server from time to time: what was stored before must not hide anything, nor fill the disk. */
const ROUNDS_PER_STAGE = 20;
const SHOWN_FAULTS = 10;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    cluster: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const first = Number(values.seed);
const create = values.cluster ? createClusterStage : createStage;
if (values.help || !(rounds > 0) || !Number.isSafeInteger(first)) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}

const failed: number[] = [];
let acknowledged = 0;
let stage: OwnStage | undefined;
try {
  for (let at = 0; at < rounds; at++) {
    if (at % ROUNDS_PER_STAGE === 0) {
      await stage?.[Symbol.asyncDispose]();
      stage = await create();
      if (at === 0 && !values.cluster && stage.disk.unfillable !== undefined)
        console.log(stage.disk.unfillable);
    }
    const seed = first + at;
    const start = performance.now();
    const result = await runRound(stage!, seed);
    acknowledged += result.acknowledged;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const outcome = result.faults.length === 0 ? "fine" : `${result.faults.length} FAULTS`;
    console.log(
      `seed ${seed}: ${result.done.join(", ")}; ${result.acknowledged} of ${result.sent} acknowledged, ${seconds} s: ${outcome}`,
    );
    if (result.faults.length === 0) continue;
    failed.push(seed);
    for (const fault of result.faults.slice(0, SHOWN_FAULTS)) console.log(`  ${fault}`);
    console.log(stage!.victim.output().replaceAll(/^/gm, "  | "));
    // What one round broke must not break the next.
    await stage![Symbol.asyncDispose]();
    stage = await create();
  }
} finally {
  await stage?.[Symbol.asyncDispose]();
}
console.log(
  `${rounds - failed.length} of ${rounds} rounds without a miss, ${acknowledged} records acknowledged` +
    (failed.length > 0
      ? `; failed: ${failed.map((seed) => `--rounds 1 --seed ${seed}${values.cluster ? " --cluster" : ""}`).join(", ")}`
      : ""),
);
process.exit(failed.length === 0 ? 0 : 1);
