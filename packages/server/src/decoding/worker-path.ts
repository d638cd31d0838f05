import { fileURLToPath } from "node:url";

/** The compiled {@link file://../receivers/decoding-worker.ts}; right from `src` (tests) and from `dist`. */
export const WORKER_PATH = fileURLToPath(new URL("../../dist/receivers/decoding-worker.js", import.meta.url));
