import type { Description, LoggerDescription, SinkDescription } from "../config/description.ts";
import type { EnvironmentOptions } from "../config/environment.ts";
import type { Options } from "../config/options.ts";
import { LEVELS } from "../logger/level.ts";
import { canonicalName } from "../logger/name.ts";
import type { Node } from "./node.ts";
import { lostBy } from "./sink-lifetimes.ts";
import type { Target } from "./target.ts";

export interface DescribedState {
  readonly nodes: readonly Node[];
  readonly targets: readonly Target[];
  readonly options: Options;
  readonly environment: EnvironmentOptions;
}

export function describe({ nodes, targets, options, environment }: DescribedState): Description {
  const loggers = nodes
    .map(({ name, setting, targets: own }): LoggerDescription => {
      const { level, origin, target, directive } = setting;
      const isOwn = target === canonicalName(name);
      return {
        name,
        level,
        origin: isOwn || origin === "signal" || origin === "default" ? origin : "parent",
        from: directive ?? (isOwn ? undefined : target || "root"),
        sinks: own.map((sink) => sink.name),
      };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const sinks = targets.map(
    (target): SinkDescription => ({
      name: target.name,
      level: LEVELS[target.minimumRank] ?? "off",
      format: target.kind === "line" ? target.format.name : target.formatName,
      dropped: lostBy([target]),
    }),
  );
  const settings = SETTINGS.map((name) => settingOf(name, options[name], environment[name]));
  return { loggers, sinks, settings, toString: () => inWords(loggers, sinks, settings) };
}

const SETTINGS = ["level", "filter", "format", "appId", "compactContext", "colors"] as const;

function settingOf(name: string, code: unknown, environment: unknown): Description["settings"][number] {
  if (code !== undefined)
    return { name, value: typeof code === "function" ? "a function" : String(code), origin: "code" };
  if (environment !== undefined) return { name, value: String(environment), origin: "environment" };
  return { name, value: "", origin: "default" };
}

function inWords(
  loggers: readonly LoggerDescription[],
  sinks: readonly SinkDescription[],
  settings: Description["settings"],
): string {
  return [
    ...table(
      ["logger", "level", "from", "sinks"],
      loggers.map(({ name, level, origin, from, sinks: own }) => [
        name,
        level,
        from === undefined ? origin : `${origin} ${from}`,
        own.join(", "),
      ]),
    ),
    "",
    ...table(
      ["sink", "level", "format", "dropped"],
      sinks.map(({ name, level, format, dropped }) => [name, level, format, String(dropped)]),
    ),
    "",
    ...table(
      ["setting", "value", "from"],
      settings.map(({ name, value, origin }) => [name, value, origin]),
    ),
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}
