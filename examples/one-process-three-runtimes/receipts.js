import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { carriedContext, spawn } from "polylog/processes";

const WORKER = fileURLToPath(new URL("receipts.py", import.meta.url));
const SOURCE = fileURLToPath(new URL("../../python/polylog/src", import.meta.url));

/** A worker in Python that lives as long as the service: a line of JSON for each question, one for each answer. */
export function startReceipts() {
  const waiting = new Map();
  let last = 0;
  // Its standard output carries the answers; what it logs comes another way.
  const worker = spawn(process.env.SHOP_PYTHON ?? "python3", [WORKER], {
    lines: ["stderr"],
    logger: "receipts",
    env: { ...process.env, PYTHONPATH: SOURCE },
  });
  const failAll = (error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.once("error", failAll);
  worker.once("close", () => failAll(new Error("the worker has ended")));
  worker.stdin.on("error", failAll);
  createInterface({ input: worker.stdout }).on("line", (line) => {
    const { id, text, error } = JSON.parse(line);
    const question = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) question?.resolve(text);
    else question?.reject(new Error(error));
  });

  return {
    write(order, cents) {
      const id = ++last;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        // The request's context and trace go along.
        worker.stdin.write(`${JSON.stringify({ id, order, cents, context: carriedContext() })}\n`);
      });
    },
    stop: () => worker.stdin.end(),
  };
}
