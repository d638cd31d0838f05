import { layoutFormat } from "./layout.ts";

/** ClickHouse's server log: `2026.11.21 10:41:07.123456 [ 1234 ] {query id} <Debug> Logger: message`. */
export const clickhouse = layoutFormat("clickhouse", (line) => line[4] === "." && line[7] === ".", [
  "%time [%tid] {%id} <%level> %logger: %message",
]);
