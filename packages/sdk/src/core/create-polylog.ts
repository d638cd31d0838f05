import { checkedOptions } from "../config/checked-options.ts";
import { readEnvironment } from "../config/environment.ts";
import type { Options } from "../config/options.ts";
import { messageOf } from "../format/error.ts";
import { ActiveContext, contextOfIds } from "../logger/active-context.ts";
import type { LogContext } from "../logger/context.ts";
import { parseDirectives } from "../logger/directives.ts";
import { rankOf, toThreshold } from "../logger/level.ts";
import { settingsOfFilter } from "../logger/levels.ts";
import type { Logger } from "../logger/logger.ts";
import { canonicalName, ROOT } from "../logger/name.ts";
import type { ForeignRecord, System } from "../logger/record.ts";
import { activeTraceIds } from "../logger/trace-ids.ts";
import type { Polylog } from "../polylog.ts";
import { createProblems } from "../problems.ts";
import type { Sink } from "../sinks/sink.ts";
import { createAdmission } from "./admission.ts";
import { type Compiled, compile } from "./compile.ts";
import { defaultSinks } from "./default-sinks.ts";
import { describe } from "./describe.ts";
import { Dispatcher, type DispatchSettings } from "./dispatcher.ts";
import { askSafely } from "./global-metadata.ts";
import type { Host } from "./host.ts";
import { createLogger, type LogCalls, type LoggerState, newState } from "./logger-object.ts";
import type { RecordSource, SourceAccess } from "./record-source.ts";
import { Registry } from "./registry.ts";
import { droppedBy, flushSinksSync, lostBy, settleSinks } from "./sink-lifetimes.ts";
import { callerSource } from "./source-location.ts";
import { isWrappingSink, type Target } from "./target.ts";

const NATIVE: ReadonlySet<System> = new Set(["rust", "cpp"]);

/** Loggers that are kept by name, and names of foreign ones. */
const MOST_LOGGERS = 10_000;

/**
 * Loggers with levels, sinks and context of their own. A process has one that all share; tests make others.
 */
export function createPolylog(host: Host): Polylog {
  const problems = createProblems(host.tell);
  const environment = readEnvironment(host.environment, problems);
  const loggers = new Map<string, Logger>();
  const foreign = new Map<string, LoggerState>();
  const levelsOf = (filter: string, origin: "environment" | "file") =>
    settingsOfFilter(filter, origin, (message) => problems.tell("POLYLOG_E_FILTER", message, message));
  /** What asynchronous sinks have not done yet. */
  const outcomes = new Set<Promise<void>>();
  let options: Options = {};
  let ownSinks = defaultSinks(host, environment, problems);
  let compiled = compileWith(options, ownSinks);
  let admission = createAdmission(options, emit);
  let globalSource = globalSourceNow();
  let hasEnd = false;
  /** Records lost by targets and sinks that are gone. */
  let lostBefore = 0;
  /** Sinks that are being closed: what they lose meanwhile counts. */
  const retired = new Set<Sink>();
  const sources: RecordSource[] = [];
  const registry = new Registry(compiled, levelsOf(host.environment.RUST_LOG ?? "", "environment"));
  const dispatcher = new Dispatcher(
    {
      now: host.now,
      system: host.system,
      carrier: host.carrier,
      problems,
      onFirst: prepareEnd,
      onFatal: () => flushSync(),
      onOutcome,
    },
    settingsNow(0),
  );
  // A parent may have handed one on.
  dispatcher.isContextUsed = host.carrier.get() !== undefined;
  const calls: LogCalls = {
    call: (state, rank, first, second, third) => dispatcher.call(state, rank, first, second, third),
    setLevel(node, level) {
      const threshold = level === undefined ? undefined : toThreshold(level);
      if (level !== undefined && threshold === undefined) {
        const place = `setLevel(${JSON.stringify(level)}) of ${node.name}`;
        problems.tell("POLYLOG_E_CONFIG", place, `${place}: there is no such level`);
        return;
      }
      registry.setLevel(node.canonical, threshold);
      renewRoutes();
    },
  };

  function compileWith(wanted: Options, own: typeof ownSinks): Compiled {
    const sinks = wanted.sinks ?? own;
    return compile({ host, options: wanted, environment, sinks, problems, onOutcome });
  }

  /** Nobody else looks at what an asynchronous sink promises, and a rejection that nobody handles ends the process. */
  function onOutcome(target: Target, outcome: unknown): void {
    if (!isPromise(outcome)) return;
    const settled = Promise.resolve(outcome)
      .then(undefined, (failure) => {
        dispatcher.lose(target, failure);
        // What the target had lost was taken over when it was replaced.
        if (compiled.targets.get(target.name) !== target) lostBefore++;
      })
      .then(() => void outcomes.delete(settled));
    outcomes.add(settled);
  }

  function globalSourceNow(): (() => object | undefined) | undefined {
    const { globalMetadata } = options;
    return typeof globalMetadata === "function" ? askSafely(globalMetadata, problems) : undefined;
  }

  function settingsNow(generation: number): DispatchSettings {
    const { globalMetadata, sourceLocation } = options;
    return {
      generation,
      appId: options.appId ?? environment.appId,
      global: typeof globalMetadata === "function" ? undefined : globalMetadata,
      globalSource,
      redactor: compiled.redactor,
      admits: admission.admits,
      source: sourceLocation ? callerSource : undefined,
    };
  }

  /** Routes hold which sinks want a level. */
  function renewRoutes(): void {
    dispatcher.settings = settingsNow(dispatcher.settings.generation + 1);
    for (const source of sources) source.onLevels();
  }

  function configure(changes: Options): void {
    const before = compiled;
    const checked = checkedOptions(changes, problems);
    const next = { ...options, ...checked };
    const isBackToOwn = "sinks" in checked && checked.sinks === undefined;
    const nextSinks = isBackToOwn ? defaultSinks(host, environment, problems) : ownSinks;
    // Before anything is changed: what throws here must not come back with each later call.
    const nextCompiled = compileWith(next, nextSinks);
    if ("sampling" in checked || "rateLimit" in checked) {
      admission.tellRest();
      admission = createAdmission(next, emit);
    }
    options = next;
    ownSinks = nextSinks;
    compiled = nextCompiled;
    globalSource = globalSourceNow();
    registry.setCompiled(compiled, targetsIn(checked));
    renewRoutes();
    retire(before);
  }

  /** Closes the sinks that are no longer in use, and keeps count of what was lost, also by their closing. */
  function retire({ targets: before }: Compiled): void {
    const inUse = new Set(sinksNow().flatMap(withInner));
    for (const target of before.values()) {
      lostBefore += target.failed;
      // Closing a sink closes those it passes records on to: they may be in use by themselves from now on.
      if (!withInner(target.sink).some((sink) => inUse.has(sink))) retired.add(target.sink);
    }
    for (const sink of retired) {
      if (inUse.has(sink)) retired.delete(sink);
    }
    const closing = [...before.values()].map(({ sink }) => sink).filter((sink) => retired.has(sink));
    void settleSinks(closing, "close", problems, true).then(() => {
      for (const sink of closing) if (retired.delete(sink)) lostBefore += droppedBy(sink);
    });
  }

  function getLogger(name: string): Logger {
    const canonical = canonicalName(name);
    let logger = loggers.get(canonical);
    if (logger === undefined) {
      logger = createLogger(registry.nodeOf(name), calls);
      if (loggers.size < MOST_LOGGERS) loggers.set(canonical, logger);
    }
    return logger;
  }

  function emit(record: ForeignRecord): void {
    const { logger = ROOT, level, system = host.system, metadata, error } = record;
    const state = foreignState(logger, system);
    if (rankOf(level) < state.node.rank) return;
    // What comes with a context was logged elsewhere: where it arrives says nothing of it.
    const isElsewhere = record.context !== undefined;
    const active = isElsewhere ? undefined : activeContext();
    dispatcher.send(
      dispatcher.routeOf(state, level, system),
      record.time ?? host.now(),
      typeof record.message === "string" ? record.message : messageOf(record.message),
      metadata,
      error,
      isElsewhere ? contextOfIds(record.context!) : active,
      record.trace ?? (isElsewhere ? undefined : (activeTraceIds() ?? active?.trace)),
    );
  }

  function foreignState(name: string, system: System): LoggerState {
    const key = `${system} ${name}`;
    let state = foreign.get(key);
    if (state === undefined) {
      state = newState(registry.nodeOf(name, registry.hasNativeLevels && NATIVE.has(system)), undefined);
      if (foreign.size < MOST_LOGGERS) foreign.set(key, state);
    }
    return state;
  }

  function addSource(source: RecordSource): SourceAccess {
    sources.push(source);
    // Nothing may have been logged here yet when the process ends.
    prepareEnd();
    return { registry, dispatcher, host, stateOf: foreignState, activeContext, options: () => options };
  }

  function activeContext(): ActiveContext | undefined {
    return dispatcher.isContextUsed ? host.carrier.get() : undefined;
  }

  function sinksNow() {
    return [...compiled.targets.values()].map(({ sink }) => sink);
  }

  function drainSources(): void {
    for (const source of sources) source.drain();
  }

  function flushSync(isEnding = false): void {
    drainSources();
    admission.tellRest();
    flushSinksSync([...sinksNow(), ...retired], problems, isEnding);
  }

  async function settle(what: "flush" | "close"): Promise<void> {
    drainSources();
    admission.tellRest();
    const sinks = sinksNow();
    await Promise.all([
      settleSinks(sinks, what, problems),
      // Those that were replaced are being closed.
      settleSinks([...retired], "flush", problems),
      ...outcomes,
    ]);
  }

  /** From the first record on there is something to lose. */
  function prepareEnd(): void {
    if (hasEnd) return;
    hasEnd = true;
    host.onEnd?.(flushSync);
  }

  function followFilterFile(path: string): void {
    host.watchFile?.(
      path,
      (text) => {
        registry.setFileLevels(levelsOf(text.replaceAll(/[\r\n]+/g, ","), "file"));
        renewRoutes();
      },
      (error) => {
        problems.tell("POLYLOG_E_FILTER", path, `POLYLOG_FILTER_FILE=${path} can't be read: ${error}`);
      },
    );
  }

  if (environment.filterFile !== undefined) followFilterFile(environment.filterFile);
  host.onDebugSignal?.(() => {
    registry.toggleRaised();
    renewRoutes();
  });

  return {
    log: getLogger(ROOT),
    getLogger,
    emit,
    get isWriting() {
      return dispatcher.isWriting;
    },
    isEnabled: (logger, level) => rankOf(level) >= foreignState(logger, host.system).node.rank,
    configure,
    setLogLevel: (level) => calls.setLevel(registry.nodeOf(ROOT), level),
    setFilter: (filter) => configure({ filter }),
    withContext<T>(context: LogContext, work: () => T): T {
      dispatcher.isContextUsed = true;
      return host.carrier.run(new ActiveContext(context, host.carrier.get()), work);
    },
    currentContext() {
      const active = activeContext();
      const trace = activeTraceIds() ?? active?.trace;
      return { ...active?.values, ...(trace === undefined ? {} : { trace }) };
    },
    flush: () => settle("flush"),
    flushSync: () => flushSync(),
    shutdown: () => settle("close"),
    droppedLogCount: () =>
      [...retired].reduce(
        (sum, sink) => sum + droppedBy(sink),
        sources.reduce((sum, { dropped }) => sum + dropped, 0) +
          lostBefore +
          dispatcher.failed +
          lostBy(compiled.targets.values()),
      ),
    describe: () =>
      describe({
        nodes: registry.nodes(),
        targets: [...compiled.targets.values()],
        options,
        environment,
      }),
    addSource,
    problems,
  };
}

/** Canonical names of the loggers whose level these options speak of. */
function targetsIn(changes: Options): ReadonlySet<string> {
  const { filter = "", loggers = {} } = changes;
  const named = Object.entries(loggers).filter(([, logger]) => logger.level !== undefined);
  return new Set([
    ...("level" in changes ? [""] : []),
    ...parseDirectives(filter).directives.map(({ target }) => target),
    ...named.map(([name]) => canonicalName(name)),
  ]);
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

/** A sink, and those that it passes records on to. */
function withInner(sink: Sink): readonly Sink[] {
  return isWrappingSink(sink) ? [sink, ...withInner(sink.inner)] : [sink];
}
