import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createReport } from "./report.mjs";

/**
 * `npm run bench -- NAME [--quick] [--only=TEXT]`: one JSON object a line on stdout, a table for people on stderr.
 * Each file in cases/ is a bench: `run({ isQuick, isWanted, report })`; `tableOf(rows)` where it has a table of its own form.
 * `--only` is for benches of many cases: those whose name has the text in it.
 */
const folder = new URL("./cases/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.mjs$/, ""));
const [name, ...flags] = process.argv.slice(2);
const ONLY = "--only=";
const unknown = flags.filter((flag) => flag !== "--quick" && !flag.startsWith(ONLY));
const only = flags.find((flag) => flag.startsWith(ONLY))?.slice(ONLY.length) ?? "";

if (name === undefined || !names.includes(name) || unknown.length > 0) {
  const problem =
    unknown.length > 0 ? `unknown flag ${unknown[0]}` : name ? `no bench is named ${name}` : "which one?";
  console.error(
    `bench: ${problem}\nusage: npm run bench -- NAME [--quick] [--only=TEXT]\nbenches: ${names.join(", ")}`,
  );
  process.exit(2);
}
const built = ["server", "sdk", "tracing"].map(
  (name) => new URL(`../packages/${name}/dist/index.js`, import.meta.url),
);
if (!built.every((file) => existsSync(fileURLToPath(file)))) {
  console.error("bench: not built yet; run `npm run build` first.");
  process.exit(2);
}

const { run, tableOf } = await import(pathToFileURL(fileURLToPath(new URL(`${name}.mjs`, folder))).href);
const report = createReport(name);
await run({ isQuick: flags.includes("--quick"), isWanted: (one) => one.includes(only), report });
report.printTable(tableOf);
