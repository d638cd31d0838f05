import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./workspace.mjs";

/**
 * Installs the packages that package-lock.json names, unless exactly these are installed already.
 *
 * npm keeps what it installed in node_modules/.package-lock.json; comparing versions with it takes
 * milliseconds, where asking npm takes a second and a half.
 */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.error("Installing packages …");
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) fail("npm ci failed; its message is above.", result.status ?? 1);
}

function isInstalled() {
  const wanted = readPackages(join(root, "package-lock.json"));
  const present = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (wanted === undefined) fail("package-lock.json is missing or not JSON: restore it from the repository.");
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true;
    const installed = present[path];
    // Packages for other platforms are optional and rightly absent.
    if (installed === undefined) return entry.optional === true;
    return installed.version === entry.version && installed.link === entry.link;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}
