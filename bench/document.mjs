import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/**
 * `npm run bench:document [-- NAME …]`: runs benches and writes their figures into docs/performance.md, between
 * `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. No figure there is typed in by hand.
 */
const file = fileURLToPath(new URL("../docs/performance.md", import.meta.url));
const run = fileURLToPath(new URL("./run.mjs", import.meta.url));
let text = readFileSync(file, "utf8");
const documented = [...text.matchAll(/<!-- bench:([\w-]+) -->/g)].map((match) => match[1]);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : documented;

for (const name of wanted) {
  if (!documented.includes(name)) throw new Error(`docs/performance.md has no place for the bench ${name}`);
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
  const begin = `<!-- bench:${name} -->`;
  const end = `<!-- /bench:${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  text = `${text.slice(0, from)}${begin}\n${tableOf(rows)}\n${text.slice(to)}`;
  writeFileSync(file, text);
}

function tableOf(rows) {
  const machine = `${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
  const lines = rows.map(({ case: name, value, unit, bar }) => {
    const aim = bar === undefined ? "" : `${bar} ${unit}`;
    return `| ${name} | ${value.toLocaleString("en")} ${unit} | ${aim} |`;
  });
  return [`Measured on ${machine}:`, "", "| Case | Median | Aim |", "|---|---|---|", ...lines].join("\n");
}
