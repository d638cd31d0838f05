import { join } from "node:path";
import { connectRemoteEngine, type Engine, isUnavailable, startEmbeddedEngine } from "@polylog/engine";
import { registerApi } from "./api/api.ts";
import { createBackups } from "./backup/backups.ts";
import { createBatcher } from "./batcher/batcher.ts";
import type { ServerConfig } from "./config/config.ts";
import type { QueryLimits } from "./config/server-config.ts";
import type { SpoolReport } from "./contract/index.ts";
import { openData } from "./data-directory.ts";
import { lockData } from "./data-lock.ts";
import { createDecoding } from "./decoding/threads.ts";
import { countedSink } from "./files/counted-sink.ts";
import { followFiles } from "./files/follow.ts";
import { keyChecker } from "./http/access.ts";
import { createApp } from "./http/app.ts";
import { closeApp } from "./http/close.ts";
import { type Readiness, registerHealth } from "./http/health.ts";
import { listen, reachableHost } from "./http/listen.ts";
import { findPages, registerPages } from "./http/pages.ts";
import { createAdmission } from "./intake/admission.ts";
import { createLedger } from "./intake/ledger.ts";
import { createRateLimiter } from "./intake/rate-limit.ts";
import { reportIntake } from "./intake/report.ts";
import { createIntakeGate } from "./intake-gate.ts";
import type { Logger } from "./log.ts";
import { registerHttpIntakes } from "./receivers/http-intakes.ts";
import { type ReceiverEndpoint, startReceivers } from "./receivers/listeners/start.ts";
import { startOtlpGrpc } from "./receivers/otlp/grpc.ts";
import { DEFAULT_BODY_LIMITS, type ReceiverContext } from "./receivers/receiver.ts";
import { registerFigures } from "./self/figures.ts";
import { createSelfLog } from "./self/log.ts";
import { createMetrics } from "./self/metrics.ts";
import { createShares } from "./shares.ts";
import type { Spool } from "./spool/spool.ts";
import { createInsertPaths } from "./store/insert-paths.ts";
import { identifyServer, type ServerIdentity } from "./store/server-identity.ts";
import { openStore, type Store } from "./store/store.ts";
import { fitMerges, holdSize } from "./upkeep.ts";
import { version } from "./version.ts";

/** A server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:4318`; null when the port is off. */
  readonly address: string | null;
  /** `127.0.0.1:4317`; null when the port is off. */
  readonly grpcAddress: string | null;
  /** The receivers with ports of their own. */
  readonly receivers: readonly ReceiverEndpoint[];
  readonly dataDirectory: string;
  /** Resolves when records can be taken in and found; rejects with the reason why that will never be. */
  ready(): Promise<void>;
  /** In order: no more intake, what is under way is written, the engine stops. */
  stop(): Promise<void>;
}

/** The name under which records of followed files are counted and kept. */
const FILE_RECEIVER = "file";

/** Milliseconds that requests under way may take at a stop before they are cut off. */
const STOP_GRACE = 5_000;
/** Milliseconds for which their records are tried then when the store is away: they are to be told before the cut. */
const STOP_PATIENCE = 4_000;

/** Milliseconds after which a store that still opens (much data, a remote engine) no longer holds up the start. */
const OPENING_PATIENCE = 700;

export interface ServerOptions {
  /** Where warnings and errors are told to a person. @defaultValue a line on stderr */
  readonly write?: (line: string) => void;
}

/**
 * Starts the whole server: engine, store, batcher, receivers, API and pages.
 *
 * It listens before the store is open and asks senders to come back until then.
 *
 * Rejects with `POLYLOG_E_PORT_IN_USE`, `POLYLOG_E_CONFIG`, `POLYLOG_E_SCHEMA` or an engine's error; nothing is
 * left running then.
 *
 * @example
 * const server = await startServer(await loadConfig({ flags: { port: "0", grpcPort: "off" } }));
 * await server.ready();
 * await fetch(`${server.address}/v1/jsonl`, { method: "POST", body: '{"level":"info","message":"hello"}' });
 * await server.stop();
 */
export async function startServer(config: ServerConfig, options: ServerOptions = {}): Promise<RunningServer> {
  const write = options.write ?? ((line: string) => process.stderr.write(`${line}\n`));
  const startedAt = Date.now();
  const metrics = createMetrics();
  const self = createSelfLog({ version, level: config.logLevel, write });
  const log = self.logger("server");
  const gate = createIntakeGate();
  const stopping = new AbortController();
  const stops: (() => Promise<void>)[] = [];
  async function stop(): Promise<void> {
    stopping.abort(new Error("The server was stopped."));
    // Each step below waits for senders, who wait for the store.
    batcher.hurry(STOP_PATIENCE);
    for (const step of stops.splice(0).reverse()) {
      await step().catch((error: unknown) => log.error("a part did not stop in order", { error }));
    }
  }

  let isOpen = false;
  let store: Store | undefined;
  let identity: ServerIdentity | undefined;
  let failure: unknown;
  const lock = await lockData(config.dataDirectory);
  stops.push(() => lock.release());
  const spool = await openData(config, self.logger("spool")).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const engine = startEngine(config, self.logger("engine"));
  stops.push(() => engine.stop());

  const batcher = createBatcher({
    client: engine.client,
    ...(engine.cluster === null
      ? {}
      : {
          paths: createInsertPaths({
            nodes: engine.nodes,
            usable: () => store?.nodes.usable() ?? [],
            isReplicated: engine.cluster.isReplicated,
            recheck: async () => store?.nodes.recheck(),
          }),
        }),
    server: () => identity?.number ?? 0,
    log: self.logger("batcher"),
    limits: { maxBytes: config.intakeMemory },
    ...(spool && {
      spool: { spool, first: new Set(config.spoolFirst) },
    }),
  });
  stops.push(() => batcher.stop());
  const ledger = createLedger(Date.now);
  const limiter = createRateLimiter(config.rateLimits);
  const admission = createAdmission({
    intake: batcher,
    shares: createShares(config.intakeMemory),
    limiter,
    ledger,
    counters: metrics.sources,
    clock: Date.now,
  });
  stops.push(() => self.stop());
  const decoding =
    config.decodeThreads === 0
      ? undefined
      : createDecoding({ threads: config.decodeThreads, log: self.logger("decoding") });
  if (decoding !== undefined) stops.push(() => decoding.stop());
  const intake = (now: number) => reportIntake({ admission, ledger, limiter }, now);
  registerFigures(metrics, { batcher, engine, self, spool, decoding, intake: () => intake(Date.now()) });

  const opened = openWhenReached(engine, config, self.logger("store"));
  const ready = opened.then(async (open) => {
    store = open;
    stops.push(async () => open.nodes.stop());
    identity = await identify(engine, config, self.logger("store"), stopping.signal);
    stops.push(async () => identity?.stop());
    isOpen = true;
    stops.push(holdSize(engine, config, self.logger("store")));
    stops.push(fitMerges(engine, batcher, config, self.logger("store")));
    gate.open(admission);
    self.connect(batcher);
    log.info("the store is open", { milliseconds: Date.now() - startedAt });
  });
  ready.catch((error: unknown) => {
    failure = error;
  });

  const backups = createBackups({
    engine,
    store: () => opened,
    directory: config.backupDirectory,
    log: self.logger("backup"),
    clock: Date.now,
  });
  stops.push(() => backups.stop());

  const context: ReceiverContext = {
    intake: gate,
    log: self.logger("receivers"),
    limits: DEFAULT_BODY_LIMITS,
    counters: ledger.counting(metrics.counters),
    isKey: keyChecker(config.authToken),
    isReady: () => readiness().ready,
    decoding,
    now: () => BigInt(Date.now()) * 1_000_000n,
  };

  let address: string | null = null;
  let grpcAddress: string | null = null;
  let receivers: readonly ReceiverEndpoint[] = [];
  try {
    if (config.port !== null) {
      const app = createApp({ authToken: config.authToken, log: self.logger("http") });
      registerHealth(app, readiness, metrics);
      registerHttpIntakes(app, context);
      await registerApi(app, {
        engine,
        log: self.logger("api"),
        limits: queryLimitsOf(config, engine),
        onCommit: (listener) =>
          batcher.onCommit(({ table }) => {
            if (table === "otel_logs") listener();
          }),
        version,
        startedAt,
        retention: {
          days: config.retentionDays,
          rules: config.retentionRules,
          maxBytes: config.maxStoreBytes,
        },
        endpoints: () => ({
          http: address ?? "",
          grpc: grpcAddress,
          receivers: [...receivers],
          asksForToken: config.authToken !== null,
        }),
        backups,
        intake,
        maxQueuedBytes: config.intakeMemory,
        storeSize: async () => (await opened).size(),
        nodes: { away: () => store?.nodes.away() ?? [], recheck: async () => store?.nodes.recheck() },
        spool: () => spool && reportSpool(spool, isOpen),
        clock: Date.now,
      });
      const pages = findPages();
      if (pages === undefined) log.warn("the pages are not built; the API works without them");
      await registerPages(app, pages);
      address = await listen(app, config.host, config.port);
      stops.push(() => closeApp(app, STOP_GRACE));
    }
    if (config.grpcPort !== null) {
      const grpc = await startOtlpGrpc(context, {
        host: config.host,
        port: config.grpcPort,
        authToken: config.authToken,
      });
      grpcAddress = `${reachableHost(config.host)}:${grpc.port}`;
      stops.push(() => grpc.stop(STOP_GRACE));
    }
    const network = await startReceivers(context, config);
    receivers = network.endpoints;
    stops.push(() => network.stop(STOP_GRACE));
    if (config.tail.length > 0) {
      const following = await followFiles({
        globs: config.tail,
        stateDirectory: join(config.dataDirectory, "follow"),
        sink: countedSink(context, FILE_RECEIVER),
        log: self.logger("files"),
      });
      stops.push(() => following.stop());
    }
    const patience = new Promise<void>((resolve) => setTimeout(resolve, OPENING_PATIENCE).unref());
    await Promise.race([ready, patience]);
  } catch (error) {
    await stop();
    throw error;
  }

  function readiness(): Readiness {
    const { state, error } = engine.status();
    const reason = failure ?? error;
    const spooled = spool === undefined || spool.isEmpty ? undefined : spool.statistics();
    return {
      ready: state === "ready" && isOpen,
      engine: state,
      ...(reason ? { reason: reason instanceof Error ? reason.message : String(reason) } : {}),
      ...(spooled === undefined
        ? {}
        : { spool: { records: spooled.records, bytes: spooled.bytes, isFull: spooled.isFull } }),
    };
  }

  const { dataDirectory } = config;
  return { address, grpcAddress, receivers, dataDirectory, ready: () => ready, stop };
}

/** The limits that were set, as far as the engine grants them: it refuses a question that asks for more. */
function queryLimitsOf({ queryLimits }: ServerConfig, engine: Engine): QueryLimits {
  const granted = engine.viewerMemoryBytes ?? Number.POSITIVE_INFINITY;
  return { ...queryLimits, memory: Math.min(queryLimits.memory, granted) };
}

/** Opens the store; an engine that goes away meanwhile and comes back by itself only delays it. */
async function openWhenReached(engine: Engine, config: ServerConfig, log: Logger): Promise<Store> {
  const { retentionDays, retentionRules, syncsInserts: fsync } = config;
  for (;;) {
    try {
      return await openStore(engine, { retentionDays, retentionRules, fsync, log });
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      log.warn("the engine went away while the store was opened; trying again", { error });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** @param isOpen whether the store has been open since the start: nothing is spooled before */
function reportSpool(spool: Spool, isOpen: boolean): SpoolReport {
  const { spooledRecords: _, refusedBatches: _refused, damagedBytes: _damaged, ...now } = spool.statistics();
  return { ...now, takes: isOpen && !now.isFull };
}

function startEngine(config: ServerConfig, log: Logger): Engine {
  const { engine, backupDirectory } = config;
  if (engine.kind === "embedded") {
    return startEmbeddedEngine({
      directory: join(config.dataDirectory, "engine"),
      memoryBytes: engine.memoryLimit,
      backupDirectory,
      log,
    });
  }
  const { urls, cluster, user, password, database } = engine;
  return connectRemoteEngine({ urls, cluster, username: user, password, database, log });
}

/** Other servers may write to a store that is not our own. */
async function identify(
  engine: Engine,
  config: ServerConfig,
  log: Logger,
  signal: AbortSignal,
): Promise<ServerIdentity | undefined> {
  if (config.engine.kind === "embedded") return undefined;
  const { nodes } = engine;
  return identifyServer({ nodes, directory: config.dataDirectory, log, clock: Date.now, signal });
}
