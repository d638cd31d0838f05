export type { ConfigSources, ServerConfig } from "./config/config.ts";
export { loadConfig } from "./config/config.ts";
export { ERROR_CODES, type ErrorCode, PolylogError } from "./errors.ts";
