import { parentPort } from "node:worker_threads";

// Stands in for the program of a thread: what it does with a request is said by its path.
const NOTHING = { accepted: 0, rejected: 0, message: "", records: undefined };
const LINES = { part: undefined, isDone: true, waiting: 0, rejected: 0, errors: [] };

parentPort.on("message", ({ kind, path }) => {
  if (kind === "lines") parentPort.postMessage({ answer: LINES });
  else if (path === "/crash") throw new Error("a fault");
  else if (path === "/exit") process.exit(3);
  else if (path === "/hang") for (;;);
  else if (path === "/memory") for (const all = []; ; ) all.push(new Array(1000).fill(0));
  else if (path === "/silent") return;
  else parentPort.postMessage({ answer: NOTHING });
});
