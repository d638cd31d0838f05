import { dirname } from "node:path";
import { PolylogError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { readConfigFile } from "./file.ts";
import {
  flagOf,
  notesOf,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  settings,
  variableOf,
} from "./settings.ts";

/** Where settings come from, strongest first: flags, environment, a file. */
export interface ConfigSources {
  /** Flags by setting name (`grpcPort`), as text or lists of text; undefined when not given. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where `polylog.config.*` is looked for and against which relative paths are taken. */
  readonly directory?: string;
  /** Told of what looks like a mistake but is harmless, such as an unknown `POLYLOG_` variable. */
  readonly warn?: (message: string) => void;
}

/** Where one setting was found. */
export interface Origin {
  /** For people: `--port`, `POLYLOG_PORT`, `/etc/polylog.config.json: port`. */
  readonly place: string;
  /** What relative paths in it are relative to. */
  readonly directory: string;
}

export interface ReadSettings {
  readonly settings: Settings;
  /** Settings that were given; the others have their defaults. */
  readonly origins: ReadonlyMap<SettingName, Origin>;
}

/** The variables of the other programs of the house, which the server passes over. */
const OTHER_VARIABLES = ["CONFIG", "SERVER", "LEVEL", "FORMAT", "STREAM", "COLORS", "COMPACT_CONTEXT"];

/**
 * All settings from flags, environment and file, each checked where it stands.
 *
 * Rejects with `POLYLOG_E_CONFIG`, which names the flag, variable or key at fault.
 */
export async function readSettings(sources: ConfigSources): Promise<ReadSettings> {
  const { flags = {}, environment = {}, directory = process.cwd(), warn = () => {} } = sources;
  const named = flags.config ?? (environment.POLYLOG_CONFIG || undefined);
  const file = await readConfigFile(directory, named === undefined ? undefined : String(named));
  if (file) refuseUnknownKeys(file.path, Object.keys(file.values));
  warnOfUnknownVariables(environment, warn);

  const given: Record<string, unknown> = {};
  const origins = new Map<SettingName, Origin>();
  for (const name of SETTING_NAMES) {
    let value = flags[name];
    let origin: Origin = { place: flagOf(name), directory };
    if (value === undefined) {
      // An empty variable is one that a script left unset.
      value = environment[variableOf(name)] || undefined;
      origin = { place: variableOf(name), directory };
    }
    if (value === undefined && file && Object.hasOwn(file.values, name)) {
      value = file.values[name];
      origin = { place: `${file.path}: ${name}`, directory: dirname(file.path) };
    }
    if (value === undefined) continue;
    given[name] = check(name, value, origin);
    origins.set(name, origin);
  }
  return { settings: { ...settings.parse({}), ...given }, origins };
}

function check(name: SettingName, value: unknown, origin: Origin): unknown {
  const result = settings.shape[name].safeParse(value);
  if (result.success) return result.data;
  const shown = notesOf(name).isSecret ? "what was given" : JSON.stringify(value);
  const expected = result.error.issues[0]?.message ?? "something else";
  throw new PolylogError("POLYLOG_E_CONFIG", `${origin.place} can't be ${shown}.`, {
    remedy: `Give ${expected}.`,
    expected: [expected],
  });
}

function refuseUnknownKeys(path: string, keys: readonly string[]): void {
  for (const key of keys) {
    if (key === "$schema" || (SETTING_NAMES as readonly string[]).includes(key)) continue;
    const near = nearest(key, SETTING_NAMES);
    throw new PolylogError("POLYLOG_E_CONFIG", `${path}: there is no setting ${JSON.stringify(key)}.`, {
      remedy: near ? `Did you mean ${near}?` : `There are ${SETTING_NAMES.join(", ")}.`,
    });
  }
}

function warnOfUnknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): void {
  const known = new Set([
    ...SETTING_NAMES.map(variableOf),
    ...OTHER_VARIABLES.map((name) => `POLYLOG_${name}`),
  ]);
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith("POLYLOG_") || known.has(variable)) continue;
    const near = nearest(
      variable.slice("POLYLOG_".length),
      SETTING_NAMES.map((name) => variableOf(name).slice(8)),
    );
    // The SDK may well know a variable that the server doesn't; only a near miss is worth a word.
    if (near) warn(`${variable} is not known. Did you mean POLYLOG_${near}?`);
  }
}
