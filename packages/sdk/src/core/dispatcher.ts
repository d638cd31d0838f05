import { isError, messageOf } from "../format/error.ts";
import { flat } from "../format/flat.ts";
import { merge } from "../format/merge.ts";
import { plainValue } from "../format/plain-value.ts";
import type { ActiveContext } from "../logger/active-context.ts";
import type { ContextCarrier } from "../logger/context.ts";
import { LEVELS, type Level } from "../logger/level.ts";
import type { LogRecord, System, TraceIds } from "../logger/record.ts";
import { activeTraceIds, isTracing } from "../logger/trace-ids.ts";
import type { Problems } from "../problems.ts";
import { redactedError } from "../redaction/redacted-error.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { type CallParts, readArguments } from "./arguments.ts";
import { lineFields, mergedFields } from "./fields.ts";
import type { LoggerState } from "./logger-object.ts";
import type { LineLeg, Route } from "./route.ts";
import type { RecordTarget, Target } from "./target.ts";

/** What holds for all records, until the configuration changes. */
export interface DispatchSettings {
  /** Goes up with each change. */
  readonly generation: number;
  readonly appId: string | undefined;
  /** Global metadata that never changes. */
  readonly global: object | undefined;
  /** Global metadata that is asked for at each record. Never throws. */
  readonly globalSource: (() => object | undefined) | undefined;
  readonly redactor: Redactor | undefined;
  /** False for a record that sampling or a rate limit keeps back; `undefined` when there are neither. */
  readonly admits: ((logger: string, level: Level, message: string) => boolean) | undefined;
  /** Gives `code.*` fields of the caller; `undefined` when nobody asked for it. */
  readonly source: (() => object | undefined) | undefined;
}

export interface DispatcherOptions {
  readonly now: () => number;
  readonly system: System;
  readonly carrier: ContextCarrier<ActiveContext>;
  readonly problems: Problems;
  /** Called before the first record of each logger and level. */
  readonly onFirst: () => void;
  /** Called after a fatal record: what comes next may be the end. */
  readonly onFatal: () => void;
  /** Told what a sink gave back for a line: a promise, if its function is asynchronous. */
  readonly onOutcome: (target: Target, outcome: unknown) => void;
}

/** What a record is made of, beside where it goes. */
export interface RecordParts extends CallParts {
  time: number;
  context: ActiveContext | undefined;
  trace: TraceIds | undefined;
}

/** Records that may be logged by the fields of one. */
const MOST_LATE = 1_000;

/** The way of a record from the call to the sinks. */
export class Dispatcher {
  settings: DispatchSettings;
  /** True from the first `withContext` on: before, nobody has to look for a context. */
  isContextUsed = false;
  /** True while a sink that takes records is given one. */
  isWriting = false;
  /** Records that were lost because they could not be read. */
  failed = 0;
  readonly #options: DispatcherOptions;
  readonly #parts: CallParts = { message: "", error: undefined, fields: undefined };
  /** True while a line is put together: getters and `toJSON` of what is logged run then, and may log themselves. */
  #isReading = false;
  /** What was logged by them; comes after the record that it was logged by. */
  #late: (() => void)[] = [];
  #isSendingLate = false;

  constructor(options: DispatcherOptions, settings: DispatchSettings) {
    this.#options = options;
    this.settings = settings;
  }

  /** Hot path: a call of a log method whose level is enabled. Never throws. */
  call(state: LoggerState, rank: number, first: unknown, second: unknown, third: unknown): void {
    try {
      let message: string;
      let error: unknown;
      let fields: object | undefined;
      if (typeof first === "string" && second === undefined && third === undefined) {
        message = first;
      } else if (
        typeof first === "string" &&
        typeof second === "object" &&
        third === undefined &&
        !isError(second)
      ) {
        message = first;
        fields = second ?? undefined;
      } else {
        const parts = this.#parts;
        readArguments(parts, first, second, third);
        ({ message, error, fields } = parts);
        // What lies there must not be kept alive until the next call.
        parts.error = undefined;
        parts.fields = undefined;
      }
      const { now, system, carrier } = this.#options;
      const context = this.isContextUsed ? carrier.get() : undefined;
      const trace = (isTracing() ? activeTraceIds() : undefined) ?? context?.trace;
      this.send(this.routeAt(state, rank, system), now(), message, fields, error, context, trace);
    } catch (failure) {
      this.#tellFailure(state.node.name, failure);
    }
  }

  /**
   * Hot path: brings a record to all its sinks. Never throws.
   *
   * @param source gives `code.*` fields; `null` for a record that has its own: its fields nobody else has in hand
   */
  send(
    route: Route,
    time: number,
    message: string,
    fields: object | undefined,
    error: unknown,
    context: ActiveContext | undefined,
    trace: TraceIds | undefined,
    source: DispatchSettings["source"] | null = this.settings.source,
  ): void {
    if (this.#isReading) {
      this.#postpone(route, time, message, fields, error, context, trace, source);
      return;
    }
    const { admits, globalSource } = this.settings;
    if (admits !== undefined && !admits(route.logger, route.level, message)) return;
    const global = globalSource?.();
    const own = source ? merge(source(), fields) : fields;
    const { lines, records } = route;
    // Lines show no more than that, and keep what they made for it.
    const millisecond = Math.floor(time);
    for (let at = 0; at < lines.length; at++) {
      const leg = lines[at]!;
      const { target } = leg;
      // A sink that logs by what it does gets no record of its own making: it would be called without end.
      if (target.isBusy) continue;
      target.isBusy = true;
      try {
        this.#isReading = true;
        const text = lineFields(leg, route, own, context, global);
        const line = target.format.line(leg.head, millisecond, message, text, error, context, trace);
        this.#isReading = false;
        const outcome: unknown = target.sink.writeLine(line, route.level);
        if (outcome !== undefined) this.#options.onOutcome(target, outcome);
      } catch (failure) {
        this.lose(target, failure);
      }
      this.#isReading = false;
      target.isBusy = false;
    }
    if (records.length > 0) {
      const parts = { time, message, fields: own, error, context, trace };
      this.#sendRecord(route, parts, global, source === null);
    }
    if (route.level === "fatal") this.#options.onFatal();
    if (this.#late.length > 0) this.#sendLate();
  }

  #postpone(
    route: Route,
    time: number,
    message: string,
    fields: object | undefined,
    error: unknown,
    context: ActiveContext | undefined,
    trace: TraceIds | undefined,
    source: DispatchSettings["source"] | null,
  ): void {
    if (this.#isSendingLate || this.#late.length >= MOST_LATE) {
      this.#tellFailure(route.logger, "too much is logged by what is being read for another one");
      return;
    }
    // Later nobody can say any more where the call stood.
    const own = source ? merge(source(), fields) : fields;
    const known = source === null ? null : () => undefined;
    this.#late.push(() => {
      try {
        this.send(route, time, message, own, error, context, trace, known);
      } catch (failure) {
        this.#tellFailure(route.logger, failure);
      }
    });
  }

  /** What these log by being read is counted as lost: an object that logs itself would have no end. */
  #sendLate(): void {
    const late = this.#late;
    this.#late = [];
    this.#isSendingLate = true;
    for (const send of late) send();
    this.#isSendingLate = false;
  }

  routeOf(state: LoggerState, level: Level, system: System): Route {
    return this.routeAt(state, LEVELS.indexOf(level), system);
  }

  routeAt(state: LoggerState, rank: number, system: System): Route {
    if (state.generation !== this.settings.generation) {
      state.routes = [];
      state.generation = this.settings.generation;
    }
    let route = state.routes[rank];
    if (route === undefined) {
      route = this.#newRoute(state, rank, system);
      state.routes[rank] = route;
    }
    return route;
  }

  #newRoute({ node, bindings }: LoggerState, rank: number, system: System): Route {
    this.#options.onFirst();
    const level = LEVELS[rank]!;
    const { global, appId } = this.settings;
    const fixed = global === undefined && bindings === undefined ? undefined : merge(global, bindings);
    const lines: LineLeg[] = [];
    const records: RecordTarget[] = [];
    for (const target of node.targets) {
      if (rank < target.minimumRank) continue;
      if (target.kind === "record") records.push(target);
      else {
        const written = fixed === undefined ? "" : flat(target.format.fields(fixed, true));
        const head = target.format.head({ level, logger: node.name, system, appId }, written);
        lines.push({ target, head, fixed: written });
      }
    }
    return { level, logger: node.name, system, lines, records, global, bindings, fixed };
  }

  #sendRecord(route: Route, parts: RecordParts, global: object | undefined, isAlone: boolean): void {
    const { redactor, appId } = this.settings;
    const isMerged = route.fixed !== undefined || global !== undefined || parts.context?.fields !== undefined;
    const merged =
      isAlone && !isMerged
        ? (parts.fields as LogRecord["metadata"])
        : mergedFields(route, parts.fields, parts.context, global);
    const record: LogRecord = {
      time: parts.time,
      level: route.level,
      logger: route.logger,
      message: parts.message,
      system: route.system,
      metadata:
        redactor === undefined || merged === undefined
          ? merged
          : merge(plainValue(merged, redactor) as object),
      error:
        redactor === undefined || parts.error === undefined
          ? parts.error
          : redactedError(parts.error, redactor),
      context: parts.context?.execution,
      trace: parts.trace,
      appId,
    };
    for (const target of route.records) this.#hand(target, record);
  }

  #hand(target: RecordTarget, record: LogRecord): void {
    if (target.isBusy) return;
    const wasWriting = this.isWriting;
    target.isBusy = true;
    this.isWriting = true;
    try {
      target.write(record);
    } catch (failure) {
      this.lose(target, failure);
    }
    target.isBusy = false;
    this.isWriting = wasWriting;
  }

  /** Counts a record that a sink threw at, and tells of it. */
  lose(target: Target, failure: unknown): void {
    target.failed++;
    this.#options.problems.tell(
      "POLYLOG_E_SINK",
      target.name,
      `the sink "${target.name}" threw at a record, which it has lost: ${messageOf(failure)}`,
    );
  }

  /** A call that can't be read at all: proxies that were revoked, and the like. */
  #tellFailure(logger: string, failure: unknown): void {
    this.failed++;
    const message = `a record of ${logger} could not be read and is lost: ${messageOf(failure)}`;
    this.#options.problems.tell("POLYLOG_E_SINK", `call ${logger}`, message);
  }
}
