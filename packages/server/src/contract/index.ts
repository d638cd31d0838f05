export * from "./api.ts";
export * from "./backups.ts";
export * from "./intake.ts";
export * from "./rows.ts";
export * from "./spool.ts";
export * from "./storage.ts";
export * from "./traces.ts";
