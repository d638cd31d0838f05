import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

/**
 * Bundles entries in TypeScript, which Node 20 doesn't run, and runs the first of them with this script's arguments.
 *
 * @param {string} folder where they lie, from the checkout
 * @param {readonly string[]} entries names without `.ts`
 * @returns {Promise<number>} the exit status
 */
export async function runTypeScript(folder, entries) {
  // Imported only now: on a fresh clone it isn't there before the install.
  const { build } = await import("rolldown");
  const directory = join(root, ".cache", folder);
  rmSync(directory, { recursive: true, force: true });
  for (const name of entries) {
    await build({
      input: join(root, folder, `${name}.ts`),
      platform: "node",
      logLevel: "warn",
      output: { file: join(directory, `${name}.js`), format: "esm", codeSplitting: false },
    });
  }
  const { status } = spawnSync(
    process.execPath,
    [join(directory, `${entries[0]}.js`), ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  return status ?? 1;
}
