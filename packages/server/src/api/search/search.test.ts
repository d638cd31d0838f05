import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { searchResponse } from "../../contract/index.ts";
import { logRecord } from "../../store/testing/records.ts";
import { before, NOW, startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.insertLogs([
    line({ ago: 60_000, body: "card declined", level: "error", attributes: ["customer", "c1"] }),
    line({ ago: 50_000, body: "card accepted", attributes: ["customer", "c2"] }),
    line({ ago: 40_000, body: "mail sent", service: "mail", host: "node-2", logger: "mail.smtp" }),
    line({ ago: 30_000, body: "disk is full", service: "", level: "fatal" }),
    line({ ago: 3_600_000, body: "an hour old" }),
    line({ ago: -20_000, body: "from a clock that is ahead" }),
  ]);
});
afterAll(() => api.close());

async function bodies(path: string): Promise<string[]> {
  const { rows } = await api.get(path, searchResponse);
  return rows.map(({ body }) => body);
}

describe("what is found", () => {
  it.each<[path: string, bodies: readonly string[]]>([
    ["/logs", ["disk is full", "mail sent", "card accepted", "card declined"]],
    ["/logs?order=asc", ["card declined", "card accepted", "mail sent", "disk is full"]],
    ["/logs?limit=2", ["disk is full", "mail sent"]],
    ["/logs?query=card", ["card accepted", "card declined"]],
    ["/logs?query=level%3A%3E%3Derror", ["disk is full", "card declined"]],
    ["/logs?query=service%3Amail", ["mail sent"]],
    ["/logs?query=customer%3Ac2", ["card accepted"]],
    ["/logs?query=NOT%20card%20-disk", ["mail sent"]],
    ["/logs?query=nothing", []],
    ["/logs?from=now-2h&query=old", ["an hour old"]],
    ["/logs?from=now-2h&to=now-30m", ["an hour old"]],
    ["/logs?to=now%2B1m&query=clock", ["from a clock that is ahead"]],
    [`/logs?from=${NOW - 50_000}&to=${NOW - 40_000}`, ["card accepted"]],
    [`/logs?from=${new Date(NOW - 40_000).toISOString()}&to=${NOW - 39_999}`, ["mail sent"]],
  ])("%s", async (path, expected) => {
    expect(await bodies(path)).toEqual(expected);
  });
});

it("tells all of a record, to the nanosecond", async () => {
  const timestamp = before(5_000, 123n);
  const id = await api.insertLogs([
    logRecord({
      timestamp,
      observedTimestamp: timestamp + 1n,
      severityNumber: 10,
      severityText: "Notice",
      body: 'quotes " and \\ and \n and 🦉 and </script>',
      eventName: "order.placed",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      attributes: ["__proto__", "polluted", "a/b", "1", "empty", ""],
    }),
  ]);
  const { rows } = await api.get("/logs?query=event.name%3Aorder.placed", searchResponse);
  expect(rows).toEqual([
    {
      id: String(id),
      timestamp: "2026-11-20T11:59:55.000000123Z",
      observedTimestamp: "2026-11-20T11:59:55.000000124Z",
      level: "info",
      severityNumber: 10,
      severityText: "Notice",
      service: "checkout",
      logger: "checkout.http",
      host: "node-1",
      runtime: "node",
      body: 'quotes " and \\ and \n and 🦉 and </script>',
      eventName: "order.placed",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      receiver: "test",
      attributes: JSON.parse('{"__proto__":"polluted","a/b":"1","empty":""}'),
      resource: { "service.name": "checkout", "host.name": "node-1", "telemetry.sdk.language": "nodejs" },
      scope: { "scope.kind": "library" },
    },
  ]);
});

describe("pages", () => {
  it.each(["desc", "asc"])(
    "go through 10,000 records of one instant without loss or repetition, %s",
    async (order) => {
      const at = { desc: 10 * 86_400_000, asc: 11 * 86_400_000 }[order] as number;
      const records = Array.from({ length: 10_000 }, (_, index) =>
        line({ ago: at, body: `record ${index}` }),
      );
      await api.insertLogs(records.slice(0, 5_000));
      await api.insertLogs(records.slice(5_000));
      const window = `from=${NOW - at - 1_000}&to=${NOW - at + 1_000}&limit=1501&order=${order}`;
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { rows: { id: string }[]; nextCursor: string | null } = await api.get(
          `/logs?${window}${cursor === null ? "" : `&cursor=${cursor}`}`,
          searchResponse,
        );
        seen.push(...page.rows.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toHaveLength(10_000);
      expect(new Set(seen).size).toBe(10_000);
      const ascending = order === "asc" ? seen : seen.toReversed();
      expect(ascending).toEqual(seen.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)));
    },
  );

  it("end where the records do, also when they fill the last page", async () => {
    const page = await api.get("/logs?query=card&limit=2", searchResponse);
    expect(page.rows).toHaveLength(2);
    expect(page.nextCursor).toBeNull();
  });
});

describe("what is refused", () => {
  it.each<[path: string, status: number, code: string]>([
    ["/logs?query=level%3A", 400, "POLYLOG_E_QUERY_SYNTAX"],
    ["/logs?query=(a", 400, "POLYLOG_E_QUERY_SYNTAX"],
    ["/logs?query=a&query=b", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?limit=0", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?limit=10001", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?limit=1e3x", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?order=up", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?from=yesteryear", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?from=now&to=now-1h", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?from=%00", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?cursor=1%3B%20DROP%20TABLE%20otel_logs", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?cursor=99999999999999999999-1", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?cursor=9999999999999999999-1", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?cursor=1-18446744073709551616", 400, "POLYLOG_E_BAD_REQUEST"],
    ["/logs?query=%2F(%2F", 400, "POLYLOG_E_QUERY_SYNTAX"],
  ])("%s", async (path, status, code) => {
    const answer = await api.refused(path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it("a query of 100 KB", async () => {
    const answer = await api.refused(`/logs?query=${"a".repeat(100_000)}`);
    expect([answer.status, answer.body.code]).toEqual([400, "POLYLOG_E_BAD_REQUEST"]);
    expect(JSON.stringify(answer.body).length).toBeLessThan(1_000);
  });

  it("says where the query is wrong and what was expected", async () => {
    const { body } = await api.refused("/logs?query=card%20level%3A");
    expect(body.position).toEqual({ start: 11, end: 11 });
    expect(body.expected).toContain("a value");
  });
});

it.each([
  "'; DROP TABLE otel_logs; --",
  "{from:Int64}",
  "{q0:String}",
  "\\'",
  "\u0000",
  "%",
  "\\",
  "`",
  '"a\\"b"',
  "'' OR 1=1",
  "--",
  "/* */",
  "\ud800",
])("takes %j as text to look for, not as SQL", async (text) => {
  const before = await api.get("/logs?limit=1000", searchResponse);
  const answer = await api.app.inject({ url: "/api/v1/logs", query: { query: JSON.stringify(text) } });
  expect([200, 400]).toContain(answer.statusCode);
  if (answer.statusCode === 400) expect(answer.json().code).toBe("POLYLOG_E_QUERY_SYNTAX");
  expect(await api.get("/logs?limit=1000", searchResponse)).toMatchObject({ rows: before.rows });
});

it("finds a word in any case in what came in just now, while more comes in", async () => {
  const stream = Array.from({ length: 12 }, (_, second) =>
    line({ ago: 7_200_000 - second * 1_000, body: second % 2 === 0 ? "Parcel LOST" : "parcel lost" }),
  );
  for (const record of stream) await api.insertLogs([record]);
  expect(await bodies("/logs?from=now-3h&query=Lost")).toEqual(stream.map(({ body }) => body).reverse());
});
