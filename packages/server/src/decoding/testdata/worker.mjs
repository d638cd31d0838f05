import { parentPort } from "node:worker_threads";

// Stands in for the program of a thread: what it does with a body is said by the name of its decoder.
const NOTHING = { logs: undefined, spans: undefined, rejected: 0, result: undefined };
const LINES = { part: undefined, isDone: true, waiting: 0, rejected: 0, errors: [] };

parentPort.on("message", ({ kind, decoder }) => {
  if (kind === "lines") parentPort.postMessage({ answer: LINES });
  else if (decoder === "/crash") throw new Error("a fault");
  else if (decoder === "/exit") process.exit(3);
  else if (decoder === "/hang") for (;;);
  else if (decoder === "/memory") for (const all = []; ; ) all.push(new Array(1000).fill(0));
  else if (decoder === "/silent") return;
  else if (decoder === "/slow") setTimeout(() => parentPort.postMessage({ answer: NOTHING }), 300);
  else parentPort.postMessage({ answer: NOTHING });
});
