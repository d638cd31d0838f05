import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { rolldown } from "rolldown";
import { root } from "./workspace.mjs";

/**
 * Builds dist of a package for `import` and `require`: ECMAScript modules and their types by the compiler; from those the
 * CommonJS twins that package.json's `require` names, and their types.
 *
 * @param {string} name the folder in packages/
 */
export async function buildDualPackage(name) {
  const folder = join(root, "packages", name);
  compile(`packages/${name}`);
  await bundleCommonJs(folder);
  writeCommonJsTypes(join(folder, "dist"));
}

function compile(project) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-b", project], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

async function bundleCommonJs(folder) {
  const dist = join(folder, "dist");
  const { exports: entries } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const wanted = Object.values(entries).flatMap((entry) => entry.require?.default ?? []);
  const input = Object.fromEntries(
    wanted.map((path) => [
      relative(dist, join(folder, path)).replace(/\.cjs$/, ""),
      join(folder, path.replace(/\.cjs$/, ".js")),
    ]),
  );
  const bundle = await rolldown({
    input,
    platform: "node",
    // Other packages stay outside: there must be one of each in a process.
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    // What `includeDependenciesRecursively` asks for.
    preserveEntrySignatures: "allow-extension",
  });
  await bundle.write({
    dir: dist,
    format: "cjs",
    exports: "named",
    entryFileNames: "[name].cjs",
    chunkFileNames: "chunks/[name]-[hash].cjs",
    // While the SDK's is loaded it may load `polylog/native`, which must find whole what both of them need.
    codeSplitting: {
      groups: [
        { name: "api", test: /[\\/]dist[\\/]api\.js$/ },
        // What is loaded later needs these too: they would be taken from the entry, which would export them.
        {
          name: "files",
          test: /[\\/]dist[\\/](?:builtin|sinks[\\/]file[\\/](?:compress-now|move-aside|rotated))\.js$/,
        },
      ],
      includeDependenciesRecursively: false,
    },
  });
}

/** The same types again for `require`: to the compiler, the ending of their names says what kind of module they are. */
function writeCommonJsTypes(dist) {
  for (const path of readdirSync(dist, { recursive: true }).filter((path) => path.endsWith(".d.ts"))) {
    const text = readFileSync(join(dist, path), "utf8");
    writeFileSync(
      join(dist, path.replace(/\.d\.ts$/, ".d.cts")),
      text.replace(/(["'])(\.{1,2}\/[^"']+)\.js\1/g, "$1$2.cjs$1"),
    );
  }
}
