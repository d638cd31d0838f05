import { fileURLToPath } from "node:url";
import { prepare } from "./build.mjs";
import { requireNode } from "./workspace.mjs";

/** `npm start -- FLAGS`: installs, builds what is stale, then is `polylog serve FLAGS` in this same process. */
requireNode();
await prepare({ targets: ["server", "pages"], scope: "serve" });
const main = new URL("../packages/server/dist/cli/main.js", import.meta.url);
process.argv = [process.argv[0] ?? "node", fileURLToPath(main), "serve", ...process.argv.slice(2)];
await import(main.href);
