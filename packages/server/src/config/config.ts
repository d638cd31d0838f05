import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";
import { PolylogError } from "../errors.ts";
import { defaultDataDirectory } from "./data-directory.ts";
import { isLoopback } from "./loopback.ts";
import { type ConfigSources, type Origin, readSettings } from "./read.ts";
import type { ReceiverName } from "./receiver-choice.ts";
import { type Place, receiverConfigs, tlsFiles } from "./receivers.ts";
import type { EngineConfig, ServerConfig } from "./server-config.ts";
import { flagOf, type SettingName, type Settings } from "./settings.ts";

export type { ConfigSources } from "./read.ts";
export type { ServerConfig } from "./server-config.ts";

/**
 * The configuration of a server: flags > `POLYLOG_*` > `polylog.config.{json,mjs,js}` > defaults; complete and
 * frozen.
 *
 * Rejects with `POLYLOG_E_CONFIG`, which names the flag, variable or key at fault and the remedy.
 *
 * @example
 * const config = await loadConfig({ flags: { port: "0" }, environment: {}, directory: "." });
 * config.port; // 0
 */
export async function loadConfig(sources: ConfigSources): Promise<ServerConfig> {
  const { settings, origins } = await readSettings(sources);
  const directory = sources.directory ?? process.cwd();
  const place = (name: SettingName) => origins.get(name)?.place ?? `${flagOf(name)} (by default)`;
  refuseOpenListening(settings, place);
  refuseFirstWithoutSpool(settings, place);
  const receivers = receiverConfigs(settings, place);
  refuseEqualPorts([
    ...(["port", "grpcPort"] as const).map((name) => ({ place: place(name), port: settings[name] })),
    ...receivers.map(({ name, port }) => ({ place: `${place("receivers")} ${name}`, port })),
  ]);

  const data = settings.data ?? defaultDataDirectory(process.platform, sources.environment ?? {}, homedir());
  const from = (name: SettingName): string => origins.get(name)?.directory ?? directory;
  const dataDirectory = resolve(from("data"), data);
  return Object.freeze({
    host: settings.host,
    port: settings.port,
    grpcPort: settings.grpcPort,
    authToken: settings.authToken ?? null,
    receivers: Object.freeze(receivers),
    tls: tlsFiles(settings, place, (name) => resolve(from(name), settings[name] ?? "")),
    dataDirectory,
    backupDirectory: settings.backups
      ? resolve(from("backups"), settings.backups)
      : join(dataDirectory, "backups"),
    retentionDays: settings.retentionDays,
    retentionRules: Object.freeze(settings.retentionRules),
    maxStoreBytes: settings.maxSize ?? null,
    engine: Object.freeze(await engineConfig(settings, origins)),
    tail: Object.freeze(settings.tail.map((glob) => resolve(from("tail"), glob))),
    intakeMemory: settings.intakeMemory,
    decodeThreads: settings.decodeThreads ?? defaultDecodeThreads(availableParallelism()),
    rateLimits: Object.freeze(settings.rateLimits),
    spoolBytes: settings.spoolSize,
    spoolFirst: Object.freeze(settings.spoolFirst.map(nameOnRecords)),
    syncsInserts: settings.fsync === "on",
    queryLimits: Object.freeze({
      timeout: settings.queryTimeout,
      memory: settings.queryMemory,
      rows: settings.queryRows,
    }),
    logLevel: settings.logLevel,
  });
}

/** The records of syslog have one name, whichever of its ports they come by. */
function nameOnRecords(receiver: ReceiverName): ReceiverName {
  return receiver === "syslog-tls" ? "syslog" : receiver;
}

/** The engine has work for one core, and so have we: threads pay when there are more. */
export function defaultDecodeThreads(cores: number): number {
  return Math.min(4, Math.max(0, cores - 2));
}

function refuseOpenListening(settings: Settings, place: Place): void {
  const listens = settings.port !== null || settings.grpcPort !== null;
  if (!listens || settings.authToken !== undefined || isLoopback(settings.host)) return;
  throw new PolylogError(
    "POLYLOG_E_CONFIG",
    `${place("host")} is ${settings.host}: that is more than this machine, and nobody would be asked for a token.`,
    {
      remedy:
        "Set POLYLOG_AUTH_TOKEN to a secret, such as `openssl rand -hex 24` prints, or listen on 127.0.0.1 and " +
        "put a proxy in front that asks who is there.",
    },
  );
}

interface Port {
  readonly place: string;
  /** 0 and null are nobody's. */
  readonly port: number | null;
}

function refuseEqualPorts(ports: readonly Port[]): void {
  for (const [index, { place, port }] of ports.entries()) {
    const other = port ? ports.slice(0, index).find((before) => before.port === port) : undefined;
    if (other === undefined) continue;
    throw new PolylogError(
      "POLYLOG_E_CONFIG",
      `${other.place} and ${place} are both ${port}; two protocols can't share a port.`,
      { remedy: "Give one of them another port, or 0 for any free one." },
    );
  }
}

/** Nobody would be told otherwise that what is asked to be on disk first is not. */
function refuseFirstWithoutSpool(settings: Settings, place: Place): void {
  if (settings.spoolFirst.length === 0) return;
  const isCluster = settings.engine === "clickhouse" && settings.clickhouseUrl.length > 1;
  if (!isCluster && settings.spoolSize !== null) return;
  const why = isCluster ? "a cluster has no spool" : `${place("spoolSize")} is off`;
  throw new PolylogError(
    "POLYLOG_E_CONFIG",
    `${place("spoolFirst")} says nothing where there is no spool: ${why}.`,
    {
      remedy: isCluster
        ? "Leave it out: what comes goes to another node of the cluster while one is away."
        : "Give the spool a size, such as --spool-size 2GB, or leave it out.",
    },
  );
}

async function engineConfig(
  settings: Settings,
  origins: ReadonlyMap<SettingName, Origin>,
): Promise<EngineConfig> {
  const [first, ...others] = settings.clickhouseUrl;
  if (settings.engine === "embedded") {
    const stray = [...origins.keys()].find((name) => name.startsWith("clickhouse"));
    if (stray) {
      throw new PolylogError(
        "POLYLOG_E_CONFIG",
        `${origins.get(stray)?.place} says nothing to the embedded engine.`,
        {
          remedy: "Add --engine clickhouse to use the server that it names.",
        },
      );
    }
    return { kind: "embedded", memoryLimit: settings.memoryLimit ?? (await defaultMemoryLimit()) };
  }
  if (first === undefined) {
    throw new PolylogError("POLYLOG_E_CONFIG", "The engine is clickhouse, but no server is named.", {
      remedy: "Add --clickhouse-url http://HOST:8123.",
    });
  }
  const urls = [first, ...others] as const;
  if (urls.some((url) => new URL(url).username || new URL(url).password)) {
    const place = origins.get("clickhouseUrl")?.place;
    throw new PolylogError("POLYLOG_E_CONFIG", `${place} carries a user or a password.`, {
      remedy: "Set them as POLYLOG_CLICKHOUSE_USER and POLYLOG_CLICKHOUSE_PASSWORD.",
    });
  }
  return {
    kind: "clickhouse",
    urls,
    cluster: settings.clickhouseCluster,
    user: settings.clickhouseUser,
    password: settings.clickhousePassword,
    database: settings.clickhouseDatabase,
  };
}

async function defaultMemoryLimit(): Promise<number> {
  // Loads in 200 ms, for which a `--help` need not wait.
  const { defaultMemoryBytes } = await import("@polylog/engine");
  return defaultMemoryBytes();
}
