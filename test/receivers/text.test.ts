import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { curl } from "./curl.ts";
import { findAll } from "./find-all.ts";

/** curl, with a log file, against the whole server. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
const START = Date.parse("2025-11-21T10:41:07Z");

it("curl: all lines are found again, with time, severity, text and fields", async () => {
  const lines = Array.from(
    { length: RECORDS },
    (_, i) => `time=${new Date(START + i).toISOString()} level=warn msg="order ${i} is late" order=id-${i}\n`,
  );
  const answer = await curl(`${server.address}/v1/text?service=text-shop&host=web-1`, lines.join(""));
  expect(JSON.parse(answer)).toEqual({ accepted: RECORDS });

  const rows = await findAll(server, "service:text-shop", RECORDS);
  expect(rows).toHaveLength(RECORDS);
  expect(new Set(rows.map((row) => row.attributes.order)).size).toBe(RECORDS);
  expect(rows[7]).toMatchObject({
    timestamp: "2025-11-21T10:41:07.007000000Z",
    level: "warn",
    host: "web-1",
    body: "order 7 is late",
    receiver: "text",
    attributes: { order: "id-7" },
  });
});
