import { prepare } from "./build.mjs";
import { runTypeScript } from "./run-typescript.mjs";
import { requireNode } from "./workspace.mjs";

/** `npm run test:durability [-- …]`: see test/durability/main.ts. The server runs as it is built. */
requireNode();
await prepare({ targets: ["server", "pages"], scope: "development" });
process.exit(await runTypeScript("test/durability", ["main"]));
