import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Has cargo build the library that polylog.h describes, and node-gyp the addon with it. `--debug` builds the former faster. */
const folder = fileURLToPath(new URL(".", import.meta.url));
const profile = process.argv.includes("--debug") ? [] : ["--release"];

const messages = run("cargo", [
  "build",
  "--package",
  "polylog",
  ...profile,
  "--message-format",
  "json-render-diagnostics",
]);
const library = messages
  .split("\n")
  .filter((line) => line.includes('"compiler-artifact"'))
  .flatMap((line) => JSON.parse(line).filenames)
  .find((file) => /polylog\.(a|lib)$/.test(file));
// npm brings node-gyp along, and tells its scripts where it is.
run(process.execPath, [
  process.env.npm_config_node_gyp ?? fail("run this by npm run build"),
  "rebuild",
  "--nodedir",
  `${folder}headers`,
  "--force-process-config",
  `--polylog_library=${library}`,
]);

function run(command, commandArguments) {
  const { status, error, stdout } = spawnSync(command, commandArguments, {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  if (error !== undefined) console.error(`${command} could not be started (${error.message}): install it`);
  if (status !== 0) {
    console.error(stdout);
    process.exit(status ?? 1);
  }
  return stdout;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
