import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { curl } from "./curl.ts";
import { findAll } from "./find-all.ts";

/** curl, which Papertrail's own instructions use, against the whole server. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
const START = Date.parse("2025-11-21T10:41:07Z");
const OCTETS = ["-H", "Content-Type: application/octet-stream", "-u", ":any"];

const lineOf = (app: string, i: number) =>
  `<12>1 ${new Date(START + i).toISOString()} web-1 ${app} 4711 - [order@1 id="id-${i}"] order ${i} is late`;

it.each([
  ["/v1/logs/bulk", "new-app"],
  ["/bulk/TOKEN", "old-app"],
])("%s: all lines are found again, with time, severity, text and fields", async (path, app) => {
  const lines = Array.from({ length: RECORDS }, (_, i) => lineOf(app, i));
  await curl(`${server.address}${path}`, lines.join("\n"), ...OCTETS);

  const rows = await findAll(server, `service:${app}`, RECORDS);
  expect(rows).toHaveLength(RECORDS);
  const idOf = (attributes: Readonly<Record<string, string>>) =>
    attributes["syslog.structured_data.order@1.id"];
  expect(new Set(rows.map((row) => idOf(row.attributes))).size).toBe(RECORDS);
  expect(rows[7]).toMatchObject({
    timestamp: "2025-11-21T10:41:07.007000000Z",
    level: "warn",
    severityText: "warning",
    host: "web-1",
    body: "order 7 is late",
    receiver: "papertrail",
    attributes: {
      "process.pid": "4711",
      "syslog.facility": "user",
      "syslog.structured_data.order@1.id": "id-7",
    },
  });
});

it("/v1/logs: a line is told from OTLP's requests", async () => {
  await curl(`${server.address}/v1/logs`, lineOf("one-app", 7), ...OCTETS);
  expect(await findAll(server, "service:one-app", 1)).toMatchObject([{ body: "order 7 is late" }]);
});
