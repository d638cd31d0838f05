import { ensureInstalled } from "./install.mjs";
import { alone } from "./lock.mjs";
import { runTypeScript } from "./run-typescript.mjs";
import { requireNode } from "./workspace.mjs";

/** `npm run test:fuzz [-- …]`: see test/fuzz/main.ts. */
requireNode();
await alone(() => ensureInstalled("development"));
process.exit(await runTypeScript("test/fuzz", ["main", "worker"]));
