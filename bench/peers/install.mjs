import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FROM = fileURLToPath(new URL("./", import.meta.url));
const TO = fileURLToPath(new URL("../../.cache/bench/peers/", import.meta.url));
const FILES = ["package.json", "package-lock.json"];

/** Loads a package out of the folder the peers are installed in. */
export const requirePeer = createRequire(join(TO, "package.json"));

/** Installs the loggers that are compared with, exactly as package-lock.json names them, unless they are there. */
export function installPeers() {
  if (isInstalled()) return;
  console.error("Installing the loggers to compare with …");
  mkdirSync(TO, { recursive: true });
  for (const file of FILES) copyFileSync(join(FROM, file), join(TO, file));
  const { status } = spawnSync(
    "npm",
    ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: TO,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    },
  );
  if (status !== 0) throw new Error("npm ci of the loggers to compare with failed; its message is above.");
}

function isInstalled() {
  // npm writes this file last.
  if (!existsSync(join(TO, "node_modules", ".package-lock.json"))) return false;
  return FILES.every((file) => readText(join(FROM, file)) === readText(join(TO, file)));
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
