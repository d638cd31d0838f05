export * from "./api.ts";
export * from "./rows.ts";
export * from "./traces.ts";
