import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { aimOf, machine } from "./report.mjs";

/**
 * `npm run bench:document [-- NAME …]`: runs benches and writes their figures into the documents of docs/, between
 * `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. No figure there is typed in by hand.
 */
const folder = fileURLToPath(new URL("../docs/", import.meta.url));
const run = fileURLToPath(new URL("./run.mjs", import.meta.url));

/** The document that has a place for a bench, by the bench's name. */
const documents = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name))
    .flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/<!-- bench:([\w-]+) -->/g)].map(([, name]) => [name, path]),
    ),
);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : [...documents.keys()];

for (const name of wanted) {
  const file = documents.get(name);
  if (file === undefined) throw new Error(`no document has a place for the bench ${name}`);
  const { stdout, status } = spawnSync(process.execPath, [run, name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 << 20,
  });
  if (status !== 0) throw new Error(`the bench ${name} failed`);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { tableOf = caseTable } = await import(new URL(`./cases/${name}.mjs`, import.meta.url).href);
  const begin = `<!-- bench:${name} -->`;
  const end = `<!-- /bench:${name} -->`;
  const text = readFileSync(file, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  writeFileSync(file, `${text.slice(0, from)}${begin}\n${markdown(tableOf(rows))}\n${text.slice(to)}`);
}

function caseTable(rows) {
  return {
    columns: ["Case", "Median", "Aim"],
    rows: rows.map((row) => [row.case, `${row.value.toLocaleString("en")} ${row.unit}`, aimOf(row)]),
  };
}

function markdown({ columns, rows }) {
  const lines = [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const [head, rule, ...body] = lines;
  const day = new Date().toISOString().slice(0, 10);
  return [`Measured on ${machine()}, ${day}:`, "", head, rule?.replaceAll(" ", ""), ...body].join("\n");
}
