import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { rolldown } from "rolldown";
import { root } from "./workspace.mjs";

/**
 * Builds packages/sdk/dist: ECMAScript modules and their types by the compiler; from those the CommonJS twins that
 * package.json's `require` names, their types, and one file for browsers.
 */
const sdk = join(root, "packages/sdk");
const dist = join(sdk, "dist");
const { exports: entries } = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));

/** What only Node has, and what a page gets in its place; modules of dist. */
const STAND_INS = {
  "host/node.js": "browser/host.js",
  "sinks/stream.js": "browser/sinks.js",
  "sinks/file/file.js": "browser/sinks.js",
};

compile();
await Promise.all([bundleCommonJs(), bundleForBrowsers()]);
writeCommonJsTypes();

function compile() {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-b", "packages/sdk"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

async function bundleCommonJs() {
  const wanted = Object.values(entries).flatMap((entry) => entry.require?.default ?? []);
  const input = Object.fromEntries(
    wanted.map((path) => [
      relative(dist, join(sdk, path)).replace(/\.cjs$/, ""),
      join(sdk, path.replace(/\.cjs$/, ".js")),
    ]),
  );
  const bundle = await rolldown({ input, platform: "node" });
  await bundle.write({
    dir: dist,
    format: "cjs",
    exports: "named",
    entryFileNames: "[name].cjs",
    chunkFileNames: "chunks/[name]-[hash].cjs",
  });
}

async function bundleForBrowsers() {
  const bundle = await rolldown({
    input: join(dist, "index.js"),
    platform: "browser",
    plugins: [standIns()],
  });
  await bundle.write({ file: join(dist, "browser.js"), format: "esm" });
}

function standIns() {
  return {
    name: "stand-ins",
    resolveId(source, importer) {
      if (source.startsWith("node:")) this.error(`${importer} needs ${source}, which no browser has`);
      if (importer === undefined || !source.startsWith(".")) return undefined;
      const standIn = STAND_INS[relative(dist, resolve(dirname(importer), source))];
      return standIn === undefined ? undefined : join(dist, standIn);
    },
  };
}

/** The same types again for `require`: to the compiler, the ending of their names says what kind of module they are. */
function writeCommonJsTypes() {
  for (const path of readdirSync(dist, { recursive: true }).filter((path) => path.endsWith(".d.ts"))) {
    const text = readFileSync(join(dist, path), "utf8");
    writeFileSync(
      join(dist, path.replace(/\.d\.ts$/, ".d.cts")),
      text.replace(/(["'])(\.{1,2}\/[^"']+)\.js\1/g, "$1$2.cjs$1"),
    );
  }
}
