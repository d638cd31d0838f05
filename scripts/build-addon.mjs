import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

/**
 * Builds a crate of this repository as an addon for Node. Only where there is no cargo it goes without; a build that fails
 * throws.
 *
 * @param {string} crate
 * @param {{ isRelease?: boolean }} [options]
 * @returns {{ path: string, reason?: undefined } | { path?: undefined, reason: string }} the addon, or why there is none
 */
export function buildAddon(crate, { isRelease = false } = {}) {
  const { error } = spawnSync("cargo", ["--version"], { stdio: "ignore" });
  if (error !== undefined)
    return { reason: `cargo could not be started (${error.message}): install Rust for this` };
  const flags = isRelease ? ["--release"] : [];
  const { status, stdout, stderr } = spawnSync(
    "cargo",
    ["build", "--locked", "--quiet", "--message-format", "json", ...flags, "--package", crate],
    { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 },
  );
  if (status !== 0) throw new Error(`cargo build --package ${crate} failed:\n${stderr}\n${rendered(stdout)}`);
  const library = libraryIn(stdout, crate);
  const folder = join(root, ".cache", "native");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${crate}${isRelease ? "-release" : ""}.node`);
  // Renamed into place: another process may have loaded the one before.
  const fresh = `${path}.${process.pid}`;
  copyFileSync(library, fresh);
  renameSync(fresh, path);
  return { path };
}

function messagesIn(output) {
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line));
}

function rendered(output) {
  return messagesIn(output)
    .map(({ message }) => message?.rendered ?? "")
    .join("");
}

/** What cargo says it has made of the crate. */
function libraryIn(output, crate) {
  const name = crate.replaceAll("-", "_");
  const made = messagesIn(output).filter(
    ({ reason, target }) => reason === "compiler-artifact" && target.name === name,
  );
  const library = made.flatMap(({ filenames }) => filenames).find((file) => /\.(so|dylib|dll)$/.test(file));
  if (library === undefined) throw new Error(`cargo has made no library of ${crate}`);
  return library;
}
