import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Has cargo build the addon, and puts it beside this file under the ending that Node loads. */
const folder = fileURLToPath(new URL(".", import.meta.url));
const { status, error, stdout } = spawnSync(
  "cargo",
  ["build", "--release", "--message-format", "json-render-diagnostics"],
  { cwd: folder, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", maxBuffer: 64 << 20 },
);
if (error !== undefined) {
  console.error(`cargo could not be started (${error.message}): install Rust, https://rustup.rs`);
}
if (status !== 0) process.exit(status ?? 1);

const library = stdout
  .split("\n")
  .filter((line) => line.includes('"polylog_example_addon"'))
  .flatMap((line) => JSON.parse(line).filenames ?? [])
  .find((file) => /\.(so|dylib|dll)$/.test(file));
copyFileSync(library, new URL("core.node", import.meta.url));
