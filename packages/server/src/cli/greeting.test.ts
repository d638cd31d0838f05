import { expect, it } from "vitest";
import type { ServerConfig } from "../config/server-config.ts";
import { colours } from "./colours.ts";
import { greeting } from "./greeting.ts";

const config: ServerConfig = {
  host: "127.0.0.1",
  port: 0,
  grpcPort: 0,
  authToken: null,
  receivers: [],
  tls: null,
  dataDirectory: "/data",
  retentionDays: 30,
  retentionRules: [],
  maxStoreBytes: null,
  backupDirectory: "/var/lib/polylog/backups",
  rateLimits: { others: null, named: new Map() },
  engine: { kind: "embedded", memoryLimit: 1e9 },
  tail: [],
  intakeMemory: 1e6,
  decodeThreads: 0,
  spoolBytes: 1e6,
  spoolFirst: [],
  syncsInserts: false,
  queryLimits: { timeout: 1, memory: 1, rows: 1 },
  logLevel: "info",
};
const served = { address: "http://127.0.0.1:5000", grpcAddress: "127.0.0.1:5001", receivers: [] };
const text = (given: Partial<ServerConfig>, listening = served as Parameters<typeof greeting>[1]): string =>
  greeting({ ...config, ...given }, listening, "1.2.3", colours(false));

it("says address, what listens where, data directory, and how to send the first log", () => {
  expect(text({})).toBe(`Polylog 1.2.3 is up: http://127.0.0.1:5000

  Pages, API, OTLP/HTTP http://127.0.0.1:5000
  OTLP/gRPC             127.0.0.1:5001
  Records               /data, kept 30 days

Send a first log:
  curl http://127.0.0.1:5000/v1/jsonl -d '{"level":"info","message":"hello","service":"demo"}'`);
});

it("shows files, a remote engine and what is off", () => {
  const engine = {
    kind: "clickhouse",
    urls: ["http://a", "http://b"],
    cluster: "polylog",
    user: "u",
    password: "p",
    database: "d",
  } as const;
  const shown = text(
    { tail: ["/var/log/*.log"], engine, retentionDays: 1 },
    { ...served, grpcAddress: null },
  );
  expect(shown).toContain("OTLP/gRPC             off");
  expect(shown).toContain("ClickHouse at http://a, http://b, kept 1 day\n");
  expect(shown).toContain("Follows               /var/log/*.log");
});

it("shows each port of the receivers", () => {
  const receivers = [
    { receiver: "syslog", transport: "udp", address: "127.0.0.1:514" },
    { receiver: "syslog", transport: "tcp", address: "127.0.0.1:514" },
  ] as const;
  const shown = text({}, { ...served, receivers });
  expect(shown).toContain(
    "\n  syslog                127.0.0.1:514 (udp)\n  syslog                127.0.0.1:514 (tcp)\n",
  );
});

it("never shows the token", () => {
  const shown = text({ authToken: "0123456789abcdef" });
  expect(shown).toContain('-H "Authorization: Bearer $POLYLOG_AUTH_TOKEN"');
  expect(shown).not.toContain("0123456789abcdef");
});
