import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fail } from "./workspace.mjs";

const FILES = ["package.json", "package-lock.json"];

/**
 * Installs packages that only some commands need, apart from those of the checkout: the folder `from` has a package.json
 * and a lock file that names them exactly; they go to `.cache/NAME`. Does nothing when they are there.
 *
 * @param {URL} from
 * @param {string} name
 * @param {string} what said when it has to be done
 * @returns {string} the path of the folder they are in
 */
export function installApart(from, name, what) {
  const source = fileURLToPath(from);
  const target = fileURLToPath(new URL(`../.cache/${name}/`, import.meta.url));
  if (isInstalled(source, target)) return target;
  console.error(`Installing ${what} …`);
  mkdirSync(target, { recursive: true });
  for (const file of FILES) copyFileSync(join(source, file), join(target, file));
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", ["ci", ...flags], {
    cwd: target,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) fail(`installing ${what} failed; npm's message is above.`);
  return target;
}

function isInstalled(source, target) {
  // npm writes this file last.
  if (!existsSync(join(target, "node_modules", ".package-lock.json"))) return false;
  return FILES.every((file) => readText(join(source, file)) === readText(join(target, file)));
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
