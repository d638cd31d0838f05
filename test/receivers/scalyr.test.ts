import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { curl } from "./curl.ts";
import { findAll } from "./find-all.ts";

/**
 * Scalyr's agent is on neither npm nor Debian; its client for Java is in test/clients. What the agent sends is written
 * out, byte for byte: its texts stand behind a backtick, an `s` and their length, nanoseconds are texts, and the body is
 * deflated.
 */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
const BATCH = 1000;
/** Nanoseconds since 1970. */
const START = 1_795_257_667_000_000_000n;

/** A text as the agent writes it. */
function prefixed(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.from("`s\0\0\0\0");
  head.writeInt32BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
}

function request(first: number): Buffer {
  const events: Buffer[] = [];
  for (let i = first; i < first + BATCH; i++) {
    const ts = START + BigInt(i) * 1_000_000n;
    events.push(
      Buffer.concat([
        Buffer.from(`${i === first ? "" : ","}{"thread":"log_1","log":"log_1","sev":4,"attrs":{"message":`),
        prefixed(`order ${i} is late, "très" late`),
        Buffer.from(`,"order":${i}},"ts":"${ts}"}`),
      ]),
    );
  }
  return Buffer.concat([
    Buffer.from('{"token":"key","session":"3b1f","sessionInfo":{"serverHost":"web-1","serverType":"shop"},'),
    Buffer.from('"threads":[{"id":"log_1","name":"Lines for file /var/log/shop.log"}],'),
    Buffer.from('"logs":[{"id":"log_1","attrs":{"logfile":"/var/log/shop.log","parser":"shop"}}],"events":['),
    ...events,
    Buffer.from('],"client_time":1795257667.5}'),
  ]);
}

it("Scalyr's agent: all events are found again, with time, severity, text and fields", async () => {
  for (let first = 0; first < RECORDS; first += BATCH) {
    const response = await fetch(`${server.address}/addEvents`, {
      ...{ method: "POST", body: deflateSync(request(first)) },
      headers: { "content-type": "application/json", "content-encoding": "deflate" },
    });
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { status: "success", accepted: BATCH },
    ]);
  }
  const rows = await findAll(server, "receiver:scalyr", RECORDS);
  expect(rows.map((row) => row.attributes.order)).toEqual(
    Array.from({ length: RECORDS }, (_, i) => String(i)),
  );
  expect(rows[7]).toMatchObject({
    ...{ timestamp: "2026-11-21T10:41:07.007000000Z", level: "warn", severityText: "warning", host: "web-1" },
    body: 'order 7 is late, "très" late',
    attributes: {
      ...{ order: "7", logfile: "/var/log/shop.log", parser: "shop" },
      ...{ "thread.id": "log_1", "thread.name": "Lines for file /var/log/shop.log" },
    },
    resource: { serverType: "shop", "scalyr.session": "3b1f" },
  });
});

it("curl, as Scalyr's documentation uploads a file", async () => {
  const lines =
    "2026-11-21T10:41:07.123Z ERROR first by curl\n2026-11-21T10:41:08.123Z INFO second by curl\n";
  const url = `${server.address}/api/uploadLogs?token=key&host=web-2&logfile=/var/log/a.log&parser=a&server-tier=gold`;
  expect(JSON.parse(await curl(url, lines, "-H", "Content-Type: text/plain"))).toEqual({ status: "success" });
  const [first] = await findAll(server, '"by curl"', 2);
  expect(first).toMatchObject({
    ...{ timestamp: "2026-11-21T10:41:07.123000000Z", level: "error", body: "first by curl", host: "web-2" },
    attributes: { logfile: "/var/log/a.log", parser: "a" },
    resource: { tier: "gold" },
  });
});
