import type { ServerConfig } from "./server-config.ts";

export type { EngineConfig, LogLevel, QueryLimits, ServerConfig } from "./server-config.ts";

/** Where settings come from, strongest first: flags, environment, a file in the directory. */
export interface ConfigSources {
  /** Flags by setting name (`grpcPort`), as text or lists of text; undefined when not given. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where `polylog.config.*` is looked for and against which relative paths are taken. */
  readonly directory?: string;
  /** Told of what looks like a mistake but is harmless, such as an unknown `POLYLOG_` variable. */
  readonly warn?: (message: string) => void;
}

/**
 * The configuration of a server: flags > `POLYLOG_*` > `polylog.config.{json,mjs,js}` > defaults.
 *
 * Rejects with `POLYLOG_E_CONFIG`, which names the flag, variable or key at fault.
 */
export type LoadConfig = (sources: ConfigSources) => Promise<ServerConfig>;
