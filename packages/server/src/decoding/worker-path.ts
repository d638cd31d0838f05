import { fileURLToPath } from "node:url";

/** The compiled {@link file://./worker.ts}; right from `src` (tests) and from `dist`. */
export const WORKER_PATH = fileURLToPath(new URL("../../dist/decoding/worker.js", import.meta.url));
