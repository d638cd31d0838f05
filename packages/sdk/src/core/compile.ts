import type { EnvironmentOptions } from "../config/environment.ts";
import type { LoggerOptions, Options, SinkOptions } from "../config/options.ts";
import type { Format, FormatName } from "../format/format.ts";
import { createFormats } from "../format/formats.ts";
import type { LineFormat } from "../format/line-format.ts";
import { rankOf, type Threshold, toThreshold } from "../logger/level.ts";
import { type LevelSetting, settingsOfFilter } from "../logger/levels.ts";
import { canonicalName, governs } from "../logger/name.ts";
import type { LogRecord } from "../logger/record.ts";
import type { Problems } from "../problems.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { customLines, recordLines } from "../sinks/ring/record-line.ts";
import { isSink, type LineSink, type Sink } from "../sinks/sink.ts";
import type { Host } from "./host.ts";
import { redactorOf } from "./redactor-of.ts";
import {
  isLineSink,
  isWrappingSink,
  lineWriter,
  type RecordTarget,
  recordWriter,
  type Target,
} from "./target.ts";

/** What options and environment come to. */
export interface Compiled {
  readonly levels: readonly LevelSetting[];
  readonly targets: ReadonlyMap<string, Target>;
  /** Names of the sinks of loggers that have some of their own, by canonical name. */
  readonly sinksOf: ReadonlyMap<string, readonly string[]>;
  readonly redactor: Redactor | undefined;
}

export interface CompileInput {
  readonly host: Host;
  readonly options: Options;
  readonly environment: EnvironmentOptions;
  /** Sinks by name, as they were given or come from the environment. */
  readonly sinks: Readonly<Record<string, Sink | SinkOptions>>;
  readonly problems: Problems;
  /** Told what a sink gave back for a record: a promise, if its function is asynchronous. */
  readonly onOutcome: (target: Target, outcome: unknown) => void;
}

export function compile({ host, options, environment, sinks, problems, onOutcome }: CompileInput): Compiled {
  const redactor = redactorOf(options.redact, problems);
  const formatOf = createFormats({
    redactor,
    isCompact: options.compactContext ?? environment.compactContext ?? true,
  });
  const common: Format = options.format ?? environment.format ?? "text";
  const colors = options.colors === "auto" ? undefined : (options.colors ?? environment.colors);
  const targets = new Map<string, Target>();
  for (const [name, given] of Object.entries(sinks)) {
    const { sink, level = "trace", format = common }: SinkOptions = isSink(given) ? { sink: given } : given;
    const state = {
      name,
      isBusy: false,
      failed: 0,
      minimumRank: rankOf(thresholdOf(level, `sinks.${name}.level`)),
    };
    const target: Target =
      isLineSink(sink) && typeof format !== "function"
        ? { ...state, kind: "line", sink, format: linesOf(sink, format) }
        : { ...state, kind: "record", sink, ...recordsTo(sink, format, (it) => onOutcome(target, it)) };
    targets.set(name, target);
  }

  const sinksOf = new Map<string, readonly string[]>();
  for (const [name, logger] of Object.entries<LoggerOptions>(options.loggers ?? {})) {
    if (logger.sinks === undefined) continue;
    const known = logger.sinks.filter((sink) => {
      if (targets.has(sink)) return true;
      tellConfig(
        `loggers.${name}.sinks`,
        `there is no sink "${sink}"; there are ${[...targets.keys()].join(", ")}`,
      );
      return false;
    });
    sinksOf.set(canonicalName(name), known);
  }
  return { levels: levels(), targets, sinksOf, redactor };

  function linesOf({ stream }: LineSink, format: FormatName): LineFormat {
    // Only what is known to be a terminal is coloured by itself.
    return formatOf(format, colors ?? (stream !== undefined && host.isColorful(stream)));
  }

  function recordsTo(
    sink: Sink,
    format: Format,
    onGiven: (outcome: unknown) => void,
  ): Pick<RecordTarget, "formatName" | "write"> {
    if (isWrappingSink(sink)) {
      const { formatName, write } = recordsTo(sink.inner, sink.format ?? format, onGiven);
      return { formatName, write: sink.through(write) };
    }
    // Here and not around all: a sink that wraps others lets several records out in a call.
    const to = (write: (record: LogRecord) => unknown) => (record: LogRecord) => onGiven(write(record));
    if (!isLineSink(sink)) return { formatName: "record", write: to(recordWriter(sink)) };
    if (typeof format === "function") {
      return { formatName: "custom", write: to(lineWriter(sink, customLines(format))) };
    }
    return { formatName: format, write: to(lineWriter(sink, recordLines(linesOf(sink, format)))) };
  }

  function levels(): LevelSetting[] {
    const onFilterError = (message: string) => problems.tell("POLYLOG_E_FILTER", message, message);
    const settings: LevelSetting[] = [{ target: "", level: "info", origin: "default" }];
    if (environment.level !== undefined)
      settings.push({ target: "", level: environment.level, origin: "environment" });
    if (environment.filter !== undefined)
      settings.push(...settingsOfFilter(environment.filter, "filter", onFilterError));
    if (options.level !== undefined) {
      settings.push({ target: "", level: thresholdOf(options.level, "level"), origin: "code" });
    }
    if (options.filter !== undefined)
      settings.push(...settingsOfFilter(options.filter, "code", onFilterError));
    for (const [name, logger] of Object.entries<LoggerOptions>(options.loggers ?? {})) {
      if (logger.level === undefined) continue;
      const level = thresholdOf(logger.level, `loggers.${name}.level`);
      settings.push({ target: canonicalName(name), level, origin: "code" });
    }
    return settings;
  }

  function thresholdOf(level: string | number, place: string): Threshold {
    const threshold = toThreshold(level);
    if (threshold !== undefined) return threshold;
    tellConfig(place, `"${level}" is no level: trace, debug, info, warn, error, fatal and off are`);
    return "info";
  }

  function tellConfig(place: string, message: string): void {
    problems.tell("POLYLOG_E_CONFIG", place, `configure: ${place}: ${message}`);
  }
}

/** The sinks of a logger: those of the nearest logger above it that has some of its own, else all. */
export function targetsOf(canonical: string, { targets, sinksOf }: Compiled): readonly Target[] {
  let nearest: string | undefined;
  for (const name of sinksOf.keys()) {
    if (governs(name, canonical) && (nearest === undefined || name.length > nearest.length)) nearest = name;
  }
  if (nearest === undefined) return [...targets.values()];
  return sinksOf.get(nearest)!.map((name) => targets.get(name)!);
}
