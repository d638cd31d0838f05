export type { Credentials } from "./client.ts";
export {
  type EmbeddedEngine,
  type EmbeddedEngineOptions,
  type Endpoint,
  startEmbeddedEngine,
} from "./embedded/embedded.ts";
export { directoryHolder, lockDirectory } from "./embedded/home.ts";
export { isLater } from "./embedded/is-later.ts";
export type { Lock } from "./embedded/lock.ts";
export { makeDirectory } from "./embedded/make-directory.ts";
export { defaultMemoryBytes } from "./embedded/memory.ts";
export type { Platform } from "./embedded/platform.ts";
export type { PulseTimes } from "./embedded/pulse.ts";
export type { Cluster, Engine, EngineNode, EngineState, EngineStatus } from "./engine.ts";
export { ENGINE_ERROR_CODES, EngineError, type EngineErrorCode, isUnavailable } from "./errors.ts";
export { quoteIdentifier } from "./identifier.ts";
export type { EngineLog } from "./log.ts";
export { connectRemoteEngine, type RemoteEngineOptions } from "./remote/remote.ts";
export type { Question, Viewer } from "./viewer.ts";
