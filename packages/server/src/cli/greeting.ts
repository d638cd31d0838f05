import type { ServerConfig } from "../config/server-config.ts";
import type { RunningServer } from "../server.ts";
import type { Colours } from "./colours.ts";

export type Served = Pick<RunningServer, "address" | "grpcAddress" | "receivers">;

/** What a person reads when the server is up: where it is, what listens where, and how to send the first log. */
export function greeting(
  config: ServerConfig,
  { address, grpcAddress, receivers }: Served,
  version: string,
  c: Colours,
): string {
  const { engine } = config;
  const place = engine.kind === "embedded" ? config.dataDirectory : `ClickHouse at ${engine.urls.join(", ")}`;
  const { retentionDays } = config;
  const kept = retentionDays === 0 ? "for ever" : retentionDays === 1 ? "1 day" : `${retentionDays} days`;
  const rows: [what: string, where: string][] = [
    ["Pages, API, OTLP/HTTP", address ?? "off"],
    ["OTLP/gRPC", grpcAddress ?? "off"],
    ...receivers.map(({ receiver, transport, address }): [string, string] => [
      receiver,
      `${address} (${transport})`,
    ]),
    ["Records", `${place}, kept ${kept}`],
  ];
  if (config.tail.length > 0) rows.push(["Follows", config.tail.join(", ")]);
  const lines = [
    `${c.bold("Polylog")} ${version} ${address === null ? "is up." : `is up: ${c.accent(address)}`}`,
    "",
    ...rows.map(([what, where]) => `  ${c.dim(`${what} `.padEnd(22))}${where}`),
  ];
  if (address !== null) {
    const token = config.authToken === null ? "" : ` -H "Authorization: Bearer $POLYLOG_AUTH_TOKEN"`;
    const record = `'{"level":"info","message":"hello","service":"demo"}'`;
    lines.push("", "Send a first log:", `  curl${token} ${address}/v1/jsonl -d ${record}`);
  }
  return lines.join("\n");
}
