import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare } from "./build.mjs";
import { requireNode, root } from "./workspace.mjs";

/** `npm run test:clients`: clients in Go and Java, built for up to minutes, against the whole server; they are in test/clients. */
requireNode();
await prepare({ scope: "development" });
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "all", "test/clients"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, POLYLOG_TEST_CLIENTS: "1" },
});
process.exit(status ?? 1);
