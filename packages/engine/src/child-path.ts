import { fileURLToPath } from "node:url";

/** The compiled {@link file://./child.ts}; right from `src` (tests) and from `dist`. */
export const CHILD_PATH = fileURLToPath(new URL("../dist/child.js", import.meta.url));
