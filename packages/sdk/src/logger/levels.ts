import { parseDirectives } from "./directives.ts";
import { rankOf, type Threshold } from "./level.ts";

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
 * What holds for each logger: the setting whose target is the longest of those that govern it. Of equal ones the
 * filter's file, by which a running process is governed from outside, comes before code, and code before the environment.
 *
 * @example
 * levelFinder([
 *   { target: "", level: "info", origin: "default" },
 *   { target: "myapp.billing", level: "debug", origin: "filter" },
 * ])("myapp.billing.card").level; // "debug"
 */
export function levelFinder(settings: readonly LevelSetting[]): (name: string) => LevelSetting {
  const byTarget = new Map<string, LevelSetting>();
  let raised: LevelSetting | undefined;
  for (const setting of settings) {
    const other = byTarget.get(setting.target);
    if (setting.origin === "signal") raised = setting;
    else if (other === undefined || isStronger(setting, other)) byTarget.set(setting.target, setting);
  }
  return (name) => {
    let target = name;
    let found = byTarget.get(target);
    while (found === undefined && target !== "") {
      target = target.slice(0, Math.max(0, target.lastIndexOf(".")));
      found = byTarget.get(target);
    }
    found ??= { target: "", level: "info", origin: "default" };
    // A signal asks for more of everything; what was shut off stays so.
    const isRaised =
      raised !== undefined && found.level !== "off" && rankOf(raised.level) < rankOf(found.level);
    return isRaised ? raised! : found;
  };
}

function isStronger(setting: LevelSetting, other: LevelSetting): boolean {
  return ORIGINS.indexOf(setting.origin) >= ORIGINS.indexOf(other.origin);
}

/**
 * Settings that a filter makes. Those that hold only within spans mean something to native code alone: their targets are
 * no names.
 */
export function settingsOfFilter(
  filter: string,
  origin: Origin,
  onError: (message: string) => void,
): LevelSetting[] {
  const { directives, errors } = parseDirectives(filter);
  for (const { text, position, message } of errors) {
    onError(`the filter's part "${text}" (at ${position + 1}) was left out: ${message}`);
  }
  return directives.map(({ target, level, text, span, fields }) => ({
    target: span || fields ? text : target,
    level,
    origin,
    directive: text,
  }));
}
