import { parentPort, workerData } from "node:worker_threads";
import { startCoverage } from "./coverage.ts";
import { fuzz } from "./fuzz.ts";
import { CurrentInput, type FuzzOrder } from "./message.ts";
import { TARGETS } from "./targets/index.ts";

/** Fuzzes one target, in a thread that can be ended when it hangs. */
const { name, inputs, seed, corpus, current } = workerData as FuzzOrder;
const target = TARGETS.find((candidate) => candidate.name === name);
if (target === undefined) throw new Error(`there is no target ${name}`);
const place = new CurrentInput(current);
const result = await fuzz(target, {
  ...{ inputs, seed },
  corpus: corpus.map((input) => Buffer.from(input)),
  startCoverage: () => startCoverage(import.meta.url),
  onInput: (input) => place.set(input),
});
parentPort?.postMessage(result);
