import { describe } from "../config/describe.ts";
import { readEnvironment } from "../config/environment.ts";
import type { Options } from "../config/options.ts";
import { createRateLimiter, type HeldBack, type RateLimiter } from "../limits/rate-limiter.ts";
import { createSampler, type Sampler } from "../limits/sampler.ts";
import { ActiveContext } from "../logger/active-context.ts";
import type { LogContext } from "../logger/context.ts";
import { LEVELS, type LogLevel, rankOf, type Threshold, toThreshold } from "../logger/level.ts";
import { effectiveLevel, type LevelSetting, settingsOfFilter } from "../logger/levels.ts";
import type { Logger } from "../logger/logger.ts";
import { createLogger, type LoggerState, newState } from "../logger/logger-object.ts";
import { canonicalName, governs, ROOT } from "../logger/name.ts";
import type { ExecutionContext, ForeignRecord, System } from "../logger/record.ts";
import { activeTraceIds } from "../logger/trace-ids.ts";
import type { Polylog } from "../polylog.ts";
import { createProblems } from "../problems.ts";
import type { Sink } from "../sinks/sink.ts";
import { type Compiled, compile, targetsOf } from "./compile.ts";
import { defaultSinks } from "./default-sinks.ts";
import { Dispatcher, type DispatchSettings } from "./dispatcher.ts";
import type { Host } from "./host.ts";
import { lowestRank, type Node } from "./node.ts";
import { callerSource } from "./source-location.ts";

const NATIVE: ReadonlySet<System> = new Set(["rust", "cpp"]);

/** Names that get a logger of their own. Beyond it, names made of data share their parents' nodes. */
const MOST_NODES = 10_000;

/**
 * Loggers with levels, sinks and context of their own. A process has one that all share; tests make others.
 */
export function createPolylog(host: Host): Polylog {
  const problems = createProblems(host.tell);
  const environment = readEnvironment(host.environment, problems);
  const nodes = new Map<string, Node>();
  const loggers = new Map<string, Logger>();
  const foreign = new Map<string, LoggerState>();
  const onFilterError = (message: string) => problems.tell("POLYLOG_E_FILTER", message, message);
  const nativeNodes = new Map<string, Node>();
  const nativeLevels = settingsOfFilter(host.environment.RUST_LOG ?? "", "environment", onFilterError);
  let options: Options = {};
  let ownSinks = defaultSinks(host, environment, problems);
  let compiled: Compiled;
  let codeLevels: readonly LevelSetting[] = [];
  let fileLevels: readonly LevelSetting[] = [];
  let limiter: RateLimiter | undefined;
  let isRaised = false;
  let isTelling = false;
  let isEnding = false;
  /** Records lost by sinks that were replaced. */
  let lostBefore = 0;
  const dispatcher = new Dispatcher(
    {
      now: host.now,
      system: host.system,
      carrier: host.carrier,
      problems,
      onFirst: prepareEnd,
      onFatal: flushSync,
    },
    {
      generation: 0,
      appId: undefined,
      global: undefined,
      globalSource: undefined,
      redactor: undefined,
      admits: undefined,
      source: undefined,
    },
  );
  apply();

  function apply(): void {
    compiled = compile({ host, options, environment, sinks: options.sinks ?? ownSinks, problems });
    dispatcher.settings = settingsNow();
    eachNode(update);
  }

  function settingsNow(): DispatchSettings {
    const { globalMetadata, sampling, rateLimit, sourceLocation } = options;
    const isSource = typeof globalMetadata === "function";
    const sampler = sampling === undefined || sampling >= 1 ? undefined : createSampler(sampling);
    limiter = rateLimit === undefined ? undefined : createRateLimiter(rateLimit);
    return {
      generation: dispatcher.settings.generation + 1,
      appId: options.appId ?? environment.appId,
      global: isSource ? undefined : globalMetadata,
      globalSource: isSource ? globalMetadata : undefined,
      redactor: compiled.redactor,
      admits: admission(sampler, limiter),
      source: sourceLocation ? callerSource : undefined,
    };
  }

  function admission(
    sampler: Sampler | undefined,
    limit: RateLimiter | undefined,
  ): DispatchSettings["admits"] {
    if (sampler === undefined && limit === undefined) return undefined;
    return (logger, level, message) => {
      if (isTelling) return true;
      if (limit !== undefined) tellHeldBack(limit.due());
      return (sampler?.(level) ?? true) && (limit?.admit(logger, level, message) ?? true);
    };
  }

  /** The records that stand for those a rate limit held back pass it themselves. */
  function tellHeldBack(held: readonly HeldBack[]): void {
    isTelling = true;
    try {
      for (const record of held) emit(record);
    } finally {
      isTelling = false;
    }
  }

  function allLevels(): readonly LevelSetting[] {
    const raised: LevelSetting[] = isRaised ? [{ target: "", level: "debug", origin: "signal" }] : [];
    return [...compiled.levels, ...fileLevels, ...codeLevels, ...raised];
  }

  function update(node: Node): void {
    const native = node.isNative ? nativeLevels.filter(({ target }) => governs(target, node.canonical)) : [];
    node.setting = effectiveLevel(node.canonical, native.length > 0 ? native : allLevels());
    node.targets = targetsOf(node.canonical, compiled);
    node.rank = lowestRank(node.setting.level, node.targets);
    node.onChange?.(node);
  }

  function eachNode(visit: (node: Node) => void): void {
    for (const node of nodes.values()) visit(node);
    for (const node of nativeNodes.values()) visit(node);
  }

  function updateAll(): void {
    // Routes hold which sinks want a level: they are made anew.
    dispatcher.settings = { ...dispatcher.settings, generation: dispatcher.settings.generation + 1 };
    eachNode(update);
  }

  /** @param isNative for what native code logs: `RUST_LOG` governs it first */
  function nodeOf(name: string, isNative = false): Node {
    const known = isNative ? nativeNodes : nodes;
    const canonical = canonicalName(name);
    let node = known.get(canonical);
    if (node === undefined) {
      node = {
        name: canonical === "" ? ROOT : name,
        canonical,
        isNative,
        setting: { target: "", level: "info", origin: "default" },
        rank: LEVELS.length,
        targets: [],
        onChange: undefined,
      };
      update(node);
      if (known.size < MOST_NODES) known.set(canonical, node);
    }
    return node;
  }

  function getLogger(name: string): Logger {
    const canonical = canonicalName(name);
    let logger = loggers.get(canonical);
    if (logger === undefined) {
      logger = createLogger(nodeOf(name), calls);
      if (loggers.size < MOST_NODES) loggers.set(canonical, logger);
    }
    return logger;
  }

  const calls = {
    call: dispatcher.call.bind(dispatcher),
    setLevel(node: Node, level: Threshold | undefined): void {
      const threshold = level === undefined ? undefined : toThreshold(level);
      if (level !== undefined && threshold === undefined) {
        problems.tell(
          "POLYLOG_E_CONFIG",
          `setLevel ${level}`,
          `setLevel("${level}") on ${node.name}: no such level`,
        );
        return;
      }
      const others = codeLevels.filter(({ target }) => target !== node.canonical);
      codeLevels =
        threshold === undefined
          ? others
          : [...others, { target: node.canonical, level: threshold, origin: "code" }];
      updateAll();
    },
  };

  function emit(record: ForeignRecord): void {
    const { logger = ROOT, level, message, system = host.system, metadata, error } = record;
    const state = foreignState(logger, system);
    if (rankOf(level) < state.node.rank) return;
    dispatcher.send(
      dispatcher.routeOf(state, level, system),
      record.time ?? host.now(),
      message,
      metadata,
      error,
      record.context === undefined ? activeContext() : contextOf(record.context),
      record.trace ?? activeTraceIds(),
    );
  }

  function foreignState(name: string, system: System): LoggerState {
    const key = `${system} ${name}`;
    let state = foreign.get(key);
    if (state === undefined) {
      state = newState(nodeOf(name, nativeLevels.length > 0 && NATIVE.has(system)), undefined);
      if (foreign.size < MOST_NODES) foreign.set(key, state);
    }
    return state;
  }

  function activeContext(): ActiveContext | undefined {
    return dispatcher.isContextUsed ? host.carrier.get() : undefined;
  }

  function sinksNow(): Sink[] {
    return [...compiled.targets.values()].map(({ sink }) => sink);
  }

  function flushSync(): void {
    if (limiter !== undefined) tellHeldBack(limiter.rest());
    for (const sink of sinksNow()) if (typeof sink === "object") sink.flushSync?.();
  }

  async function flush(): Promise<void> {
    if (limiter !== undefined) tellHeldBack(limiter.rest());
    await settle(sinksNow(), "flush");
  }

  async function settle(sinks: readonly Sink[], what: "flush" | "close"): Promise<void> {
    const all = sinks.map((sink) => (typeof sink === "object" ? sink[what]?.() : undefined));
    for (const outcome of await Promise.allSettled(all)) {
      if (outcome.status === "rejected") {
        problems.tell("POLYLOG_E_SINK", what, `a sink could not ${what}: ${outcome.reason}`);
      }
    }
  }

  /** From the first record on there is something to lose. */
  function prepareEnd(): void {
    if (isEnding) return;
    isEnding = true;
    host.onEnd?.(flushSync);
  }

  function droppedOf(sinks: readonly Sink[]): number {
    return sinks.reduce((sum, sink) => sum + (typeof sink === "object" ? (sink.dropped ?? 0) : 0), 0);
  }

  if (environment.filterFile !== undefined) {
    const path = environment.filterFile;
    host.watchFile?.(
      path,
      (text) => {
        fileLevels = settingsOfFilter(text.replaceAll(/[\r\n]+/g, ","), "file", onFilterError);
        updateAll();
      },
      (error) => {
        problems.tell("POLYLOG_E_FILTER", path, `POLYLOG_FILTER_FILE=${path} can't be read: ${error}`);
      },
    );
  }
  host.onDebugSignal?.(() => {
    isRaised = !isRaised;
    updateAll();
  });

  const polylog: Polylog = {
    log: getLogger(ROOT),
    getLogger,
    emit,
    isEnabled: (logger, level) => rankOf(level) >= foreignState(logger, host.system).node.rank,
    configure(changes) {
      const before = sinksNow();
      options = { ...options, ...changes };
      if (changes.sinks === undefined && "sinks" in changes)
        ownSinks = defaultSinks(host, environment, problems);
      // What is said now counts more than what was set on single loggers before.
      if (changes.level !== undefined) codeLevels = codeLevels.filter(({ target }) => target !== "");
      const failedBefore = failures();
      apply();
      lostBefore += failedBefore;
      const now = new Set(sinksNow());
      const replaced = before.filter((sink) => !now.has(sink));
      lostBefore += droppedOf(replaced);
      void settle(replaced, "close");
    },
    setLogLevel(level: Threshold | LogLevel) {
      const threshold = toThreshold(level);
      if (threshold === undefined)
        problems.tell("POLYLOG_E_CONFIG", `level ${level}`, `setLogLevel(${level}): no such level`);
      else calls.setLevel(nodeOf(ROOT), threshold);
    },
    setFilter(directives) {
      polylog.configure({ filter: directives });
    },
    withContext<T>(context: LogContext, work: () => T): T {
      dispatcher.isContextUsed = true;
      return host.carrier.run(new ActiveContext(context, host.carrier.get()), work);
    },
    flush,
    flushSync,
    async shutdown() {
      if (limiter !== undefined) tellHeldBack(limiter.rest());
      await settle(sinksNow(), "close");
    },
    droppedLogCount: () => lostBefore + failures() + droppedOf(sinksNow()),
    describe: () =>
      describe({
        nodes: [...nodes.values()],
        targets: [...compiled.targets.values()],
        options,
        environment,
      }),
    problems,
  };

  function failures(): number {
    return [...compiled.targets.values()].reduce((sum, { failed }) => sum + failed, 0);
  }

  return polylog;
}

function contextOf(context: ExecutionContext): ActiveContext {
  const { runnerClass, runnerId, workerId, invocationId, taskId } = context;
  return new ActiveContext({
    ...(runnerId ? { runner: runnerClass ? { class: runnerClass, id: runnerId } : runnerId } : {}),
    ...(workerId ? { worker: workerId } : {}),
    ...(invocationId ? { invocation: invocationId } : {}),
    ...(taskId ? { task: taskId } : {}),
  });
}
