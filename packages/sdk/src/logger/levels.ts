import { parseDirectives } from "./directives.ts";
import { rankOf, type Threshold } from "./level.ts";
import { governs } from "./name.ts";

/** Where a setting comes from. */
export type Origin = "code" | "environment" | "filter" | "file" | "signal" | "parent" | "default";

/** One thing that was said about levels. */
export interface LevelSetting {
  /** Canonical name of the loggers it governs; empty for all. */
  readonly target: string;
  readonly level: Threshold;
  readonly origin: Origin;
  /** The directive it was part of. */
  readonly directive?: string;
}

/** Who is heard when several speak of the same loggers, the first the least. */
const ORIGINS: readonly Origin[] = ["default", "environment", "filter", "code", "file", "signal"];

/**
 * What holds for a logger: the setting whose target is the longest of those that govern it. Of equal ones the
 * filter's file, by which a running process is governed from outside, comes before code, and code before the environment.
 *
 * @example
 * effectiveLevel("myapp.billing.card", [
 *   { target: "", level: "info", origin: "default" },
 *   { target: "myapp.billing", level: "debug", origin: "filter" },
 * ]).level; // "debug"
 */
export function effectiveLevel(name: string, settings: readonly LevelSetting[]): LevelSetting {
  let best: LevelSetting = { target: "", level: "info", origin: "default" };
  let raised: LevelSetting | undefined;
  for (const setting of settings) {
    if (!governs(setting.target, name)) continue;
    if (setting.origin === "signal") raised = setting;
    else if (isStronger(setting, best)) best = setting;
  }
  // A signal asks for more of everything; what was shut off stays so.
  if (raised !== undefined && best.level !== "off" && rankOf(raised.level) < rankOf(best.level))
    return raised;
  return best;
}

function isStronger(setting: LevelSetting, other: LevelSetting): boolean {
  if (setting.target.length !== other.target.length) return setting.target.length > other.target.length;
  return ORIGINS.indexOf(setting.origin) >= ORIGINS.indexOf(other.origin);
}

/** Settings that a filter makes; those that hold only within spans are for native code. */
export function settingsOfFilter(
  filter: string,
  origin: Origin,
  onError: (message: string) => void,
): LevelSetting[] {
  const { directives, errors } = parseDirectives(filter);
  for (const { text, position, message } of errors) {
    onError(`the filter's part "${text}" (at ${position + 1}) was left out: ${message}`);
  }
  return directives
    .filter(({ span, fields }) => span === undefined && fields === undefined)
    .map(({ target, level, text }) => ({ target, level, origin, directive: text }));
}
