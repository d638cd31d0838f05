import { fileURLToPath } from "node:url";

/** The folder of modules of functions: what the client runs itself it looks for there. */
export const MODULES = fileURLToPath(new URL("../testdata", import.meta.url));

/** The function of `counting.lua`. */
export const COUNTING = { module: "counting", funcname: "count", args: [] };
