import { dirname, join, relative, resolve } from "node:path";
import { rolldown } from "rolldown";
import { buildDualPackage } from "./dual-package.mjs";
import { root } from "./workspace.mjs";

/** Builds packages/sdk/dist: for `import`, for `require`, and one file for browsers. */
const dist = join(root, "packages/sdk/dist");

/** What only Node has, and what a page gets in its place; modules of dist. */
const STAND_INS = {
  "builtin.js": "browser/builtin.js",
  "captures.js": "browser/captures.js",
  "host/node.js": "browser/host.js",
  "sinks/stream.js": "browser/sinks.js",
  "sinks/file/file.js": "browser/sinks.js",
};

await buildDualPackage("sdk");
await bundleForBrowsers();

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
