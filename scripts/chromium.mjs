import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * The path of a Chromium for the page tests: the one named by POLYLOG_CHROMIUM, one on the PATH, Playwright's,
 * else Debian's installed by apt where this user may, else Playwright's own download. Undefined when all fail.
 */
export function ensureChromium() {
  return process.env.POLYLOG_CHROMIUM || onPath() || playwrights() || byApt() || byPlaywright();
}

function onPath() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function playwrights() {
  const path = chromium.executablePath();
  return path && isExecutable(path) ? path : undefined;
}

function byApt() {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return undefined;
  console.error("Installing Chromium by apt for the page tests …");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { stdio: ["ignore", "ignore", "inherit"], env: environment };
  spawnSync("apt-get", ["update", "-qq"], options);
  spawnSync("apt-get", ["install", "-y", "-qq", "chromium", "fonts-dejavu-core"], options);
  return onPath();
}

function byPlaywright() {
  console.error("Installing Playwright's Chromium for the page tests …");
  const install = (...flags) =>
    spawnSync("npx", ["playwright-core", "install", ...flags, "chromium"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  // Its libraries need root; they may be there already.
  if (install("--with-deps").status !== 0) install();
  return playwrights();
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
