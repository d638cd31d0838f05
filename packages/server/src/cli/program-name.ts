import { basename, extname } from "node:path";

/** Programs that run others, by the runtime they are. */
const INTERPRETERS: ReadonlyMap<string, string> = new Map([
  ["node", "node"],
  ["bun", "bun"],
  ["deno", "deno"],
  ["npx", "node"],
  ["npm", "node"],
  ["python", "python"],
  ["ruby", "ruby"],
  ["php", "php"],
  ["perl", "perl"],
  ["java", "java"],
]);
/** Words after an interpreter that are not what it runs. */
const SUBCOMMANDS: ReadonlySet<string> = new Set(["run", "exec", "start", "task"]);

export interface ProgramName {
  /** What its records are found under. */
  readonly service: string;
  /** Runtime of origin, or the empty text when the command doesn't tell. */
  readonly runtime: string;
}

/**
 * What a command is called: `node dist/checkout.js` is checkout, and runs on node.
 *
 * @example
 * programName(["python3.12", "-u", "worker.py"]); // { service: "worker", runtime: "python" }
 */
export function programName([program = "", ...words]: readonly string[]): ProgramName {
  const name = basename(program, ".exe");
  const runtime = INTERPRETERS.get(name.replace(/[\d.]+$/, "")) ?? "";
  if (runtime === "") return { service: name, runtime };
  // What follows -e, -c or -m is no file, and what follows other flags may be their value: only the first word counts.
  const first = words.find((word) => !SUBCOMMANDS.has(word) && !/^-[uBIEsS]+$/.test(word));
  if (first === undefined || first.startsWith("-")) return { service: name, runtime };
  return { service: basename(first, extname(first)) || name, runtime };
}
