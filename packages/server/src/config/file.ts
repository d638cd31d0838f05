import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { PolylogError } from "../errors.ts";

/** Looked for in this order; two of them at once are refused, since one would be ignored unseen. */
const FILE_NAMES = [
  "polylog.config.json",
  "polylog.config.mjs",
  "polylog.config.js",
  "polylog.config.ts",
] as const;

/** A configuration file as read: not yet checked. */
export interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The configuration file that is named, or else the one that lies in the directory, or undefined.
 *
 * Rejects with `POLYLOG_E_CONFIG` when a named file is missing, two lie side by side, or one can't be read.
 */
export async function readConfigFile(directory: string, named?: string): Promise<ConfigFile | undefined> {
  const path = named === undefined ? await findFile(directory) : resolve(directory, named);
  if (path === undefined) return undefined;
  const values = path.endsWith(".json") ? await readJson(path) : await importModule(path);
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new PolylogError("POLYLOG_E_CONFIG", `${path} holds no settings.`, {
      remedy: path.endsWith(".json")
        ? 'Write an object, such as {"port": 5000}.'
        : "Export an object as default, such as export default { port: 5000 };",
    });
  }
  return { path, values: values as Readonly<Record<string, unknown>> };
}

async function findFile(directory: string): Promise<string | undefined> {
  const found: string[] = [];
  for (const name of FILE_NAMES) {
    const path = join(directory, name);
    const isFile = await stat(path).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (isFile) found.push(path);
  }
  if (found.length > 1) {
    throw new PolylogError("POLYLOG_E_CONFIG", `There are two configuration files: ${found.join(" and ")}.`, {
      remedy: "Remove one, or name the one you mean with --config FILE.",
    });
  }
  return found[0];
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const offset = /at position (\d+)/.exec(message)?.[1];
    const before = text.slice(0, offset === undefined ? text.length : Number(offset)).split("\n");
    const place = `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    throw new PolylogError("POLYLOG_E_CONFIG", `${place}: this isn't JSON: ${message}.`, { cause });
  }
}

async function importModule(path: string): Promise<unknown> {
  // There from Node 22.10 on.
  const runsTypeScript = "typescript" in process.features && Boolean(process.features.typescript);
  if (/\.[cm]?ts$/.test(path) && !runsTypeScript) {
    throw new PolylogError(
      "POLYLOG_E_CONFIG",
      `${path} is TypeScript, which Node ${process.versions.node} can't run.`,
      {
        remedy: "Rename it to polylog.config.mjs and write it as JavaScript, or use Node 22.18 or later.",
      },
    );
  }
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): PolylogError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PolylogError("POLYLOG_E_CONFIG", `${path} can't be read: ${reason}`, { cause });
}
