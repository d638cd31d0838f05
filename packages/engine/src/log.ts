/** Where the engine reports what it does. The server's own logger fits. */
export interface EngineLog {
  debug(message: string, attributes?: Readonly<Record<string, unknown>>): void;
  info(message: string, attributes?: Readonly<Record<string, unknown>>): void;
  warn(message: string, attributes?: Readonly<Record<string, unknown>>): void;
  error(message: string, attributes?: Readonly<Record<string, unknown>>): void;
}

const ignore = (): void => {};

/** For callers who don't want to know. */
export const silentLog: EngineLog = { debug: ignore, info: ignore, warn: ignore, error: ignore };
