import { layoutFormat } from "./layout.ts";

/** Rust: `tracing-subscriber` (microseconds and Z) and `env_logger`. */
export const rust = layoutFormat(
  "rust",
  (line) => line[0] === "[" || (line[10] === "T" && line[26] === "Z"),
  ["%time %level %logger: %message", "[%time %level %logger] %message"],
);
