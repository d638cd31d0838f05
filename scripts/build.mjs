import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled } from "./install.mjs";
import { alone } from "./lock.mjs";
import { fail, requireNode, root } from "./workspace.mjs";

/**
 * What is built by which command, from which files, and the file that remembers what it was built from. What another needs
 * stands before it.
 */
const TARGETS = [
  {
    name: "server",
    command: ["node_modules/typescript/bin/tsc", "-b", "--force", "packages/server"],
    cwd: root,
    // The compiler leaves what it made of sources that are gone.
    outputs: ["packages/engine/dist", "packages/server/dist"],
    inputs: [
      "packages/engine/src",
      "packages/server/src",
      "packages/engine/tsconfig.json",
      "packages/server/tsconfig.json",
    ],
    stamp: "packages/server/dist/.built-from",
  },
  {
    name: "pages",
    command: ["../../node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"],
    cwd: join(root, "packages/web"),
    outputs: ["packages/server/pages"],
    inputs: [
      "packages/web/src",
      "packages/web/index.html",
      "packages/web/public",
      "packages/web/vite.config.ts",
      // The pages bundle the query language and what it imports.
      "packages/server/src",
    ],
    stamp: "packages/server/pages/.built-from",
  },
  {
    name: "sdk",
    command: ["scripts/build-sdk.mjs"],
    cwd: root,
    outputs: ["packages/sdk/dist"],
    inputs: [
      "packages/sdk/src",
      // Unlike elsewhere this is part of what is published.
      "packages/sdk/src/testing",
      "packages/sdk/package.json",
      "packages/sdk/tsconfig.json",
      "scripts/build-sdk.mjs",
      "scripts/dual-package.mjs",
    ],
    stamp: "packages/sdk/dist/.built-from",
  },
  {
    name: "tracing",
    command: ["scripts/build-tracing.mjs"],
    cwd: root,
    outputs: ["packages/tracing/dist"],
    inputs: [
      "packages/tracing/src",
      "packages/tracing/package.json",
      "packages/tracing/tsconfig.json",
      "scripts/build-tracing.mjs",
      "scripts/dual-package.mjs",
    ],
    stamp: "packages/tracing/dist/.built-from",
  },
  {
    name: "aerospike",
    command: ["scripts/build-aerospike.mjs"],
    cwd: root,
    outputs: ["packages/aerospike/dist"],
    inputs: [
      "packages/aerospike/src",
      "packages/aerospike/package.json",
      "packages/aerospike/tsconfig.json",
      "packages/sdk/src",
      "scripts/build-aerospike.mjs",
      "scripts/dual-package.mjs",
    ],
    // Its types are made of the SDK's.
    needs: ["sdk"],
    stamp: "packages/aerospike/dist/.built-from",
  },
];

/** Files that every target depends on. */
const COMMON_INPUTS = ["package-lock.json", "tsconfig.base.json", "tsconfig.json"];

/**
 * Installs and builds what is missing or stale, with nobody else doing the same. Resolves like {@link ensureBuilt}.
 *
 * @param {object} [needs]
 * @param {readonly string[]} [needs.targets] what is to be built; everything when nothing is said
 * @param {"serve" | "build" | "development"} [needs.scope] how much is to be installed
 */
export function prepare({ targets, scope = "build" } = {}) {
  return alone(() => {
    ensureInstalled(scope);
    return ensureBuilt(TARGETS.filter(({ name }) => targets === undefined || targets.includes(name)));
  });
}

/** Builds what is older than its sources, side by side where nothing needs another. Resolves to the names of what was built. */
async function ensureBuilt(targets) {
  const stale = targets
    .map((target) => ({
      ...target,
      digest: digestOf([...COMMON_INPUTS, ...target.inputs]),
    }))
    .filter((target) => readStamp(target.stamp) !== target.digest);
  if (stale.length > 0) console.error(`Building ${stale.map((target) => target.name).join(" and ")} …`);
  const builds = new Map();
  for (const target of stale) {
    const before = (target.needs ?? []).map((name) => builds.get(name));
    builds.set(
      target.name,
      Promise.all(before).then(() => build(target)),
    );
  }
  await Promise.all(builds.values());
  return stale.map((target) => target.name);
}

async function build({ name, command, cwd, outputs, stamp, digest }) {
  // First of all the stamp goes with them: a build that is cut short or fails is no build.
  for (const output of outputs) rmSync(join(root, output), { recursive: true, force: true });
  const child = spawn(process.execPath, command, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  const status = await new Promise((resolve) => child.on("close", resolve));
  if (status !== 0) fail(`building the ${name} failed; its message is above.`);
  const path = join(root, stamp);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, digest);
}

function readStamp(stamp) {
  const path = join(root, stamp);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** A digest of names and contents: a clone, a checkout or a touch changes times without changing content. */
function digestOf(inputs) {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap(filesUnder).sort()) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  try {
    return readdirSync(absolute, { withFileTypes: true }).flatMap((entry) => {
      const child = `${path}/${entry.name}`;
      if (entry.isDirectory())
        return entry.name === "testdata" || entry.name === "testing" ? [] : filesUnder(child);
      return /\.test\.tsx?$/.test(entry.name) ? [] : [child];
    });
  } catch (error) {
    if (error.code === "ENOTDIR") return [path];
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  requireNode();
  const built = await prepare({ scope: process.argv.includes("--dev") ? "development" : "build" });
  console.error(built.length > 0 ? `Built: ${built.join(", ")}.` : "Everything is up to date.");
}
