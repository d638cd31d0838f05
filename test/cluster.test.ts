import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type LocalCluster,
  type LocalNode,
  startLocalCluster,
} from "../packages/engine/src/local-cluster.ts";
import { poll } from "./poll.ts";
import { MAIN, ROOT, type ServerProcess, startServerProcess } from "./server-process.ts";

/** Two servers on a cluster of three nodes, and one by itself that is told the same. */
let directory: string;
let cluster: LocalCluster;
let first: ServerProcess;
let second: ServerProcess;
let alone: ServerProcess;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-cluster-"));
  cluster = await startLocalCluster({
    ...{ directory, nodes: 3, memoryBytes: 1 << 30 },
    grants: await documentedGrants(),
  });
  // One after another: together they would take a small machine too long.
  first = await startOnCluster();
  second = await startOnCluster();
  alone = await startServerProcess({ flags: QUIET });
});
afterAll(async () => {
  await Promise.all([first, second, alone].map((server) => server?.stop()));
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** What a server says of itself would be in its answers. */
const QUIET = ["--log-level", "off"];

/** The rights that docs/cluster.md asks for: no others are needed. */
async function documentedGrants(): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, "docs/cluster.md"), "utf8");
  return [...text.matchAll(/^(GRANT .+) TO polylog;$/gm)].map(([, grant = ""]) => grant);
}

function startOnCluster(options: { readonly dataDirectory?: string } = {}): Promise<ServerProcess> {
  const { server, nodes } = cluster;
  return startServerProcess({
    ...options,
    flags: [
      ...QUIET,
      ...["--engine", "clickhouse", "--clickhouse-url", nodes.map(({ url }) => url).join(",")],
      ...["--clickhouse-user", server.username],
    ],
    environment: { POLYLOG_CLICKHOUSE_PASSWORD: server.password },
  });
}

const SERVICES = ["checkout", "mail", "search"];
const LEVELS = ["info", "info", "warn", "error"];
const START = Date.now() - 3_600_000;

/** Records that differ in their times, so that there is one order of them. */
function lines(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    return JSON.stringify({
      time: START + n,
      level: LEVELS[n % LEVELS.length],
      message: `request ${n} ${n % 7 === 0 ? "declined" : "completed"}`,
      service: SERVICES[n % SERVICES.length],
      customer: `c${n % 11}`,
      duration_ms: n % 1000,
    });
  }).join("\n");
}

async function send(server: ServerProcess, body: string): Promise<number> {
  const answer = await fetch(`${server.address}/v1/jsonl`, { method: "POST", body });
  return answer.status;
}

/** Tells both sides the same, the cluster through both of its servers; all of it is acknowledged. */
async function tellBoth(from: number, requests: number): Promise<void> {
  const size = 20;
  for (let request = 0; request < requests; request++) {
    const body = lines(from + request * size, size);
    const server = request % 2 === 0 ? first : second;
    await poll("it is taken in", async () => (await send(server, body)) === 200);
    expect(await send(alone, body)).toBe(200);
  }
}

async function get(server: ServerProcess, path: string): Promise<Record<string, unknown>> {
  const joint = path.includes("?") ? "&" : "?";
  const answer = await fetch(
    `${server.address}/api/v1${path}${joint}from=${START - 1000}&to=${START + 60_000}`,
  );
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

/** Without what can't be the same: ids, and with them cursors; times of arrival; costs. */
function comparable(answer: Record<string, unknown>): unknown {
  const { statistics: _statistics, nextCursor: _cursor, ...rest } = answer;
  // A scatter has no order.
  if (Array.isArray(rest.cells)) rest.cells = rest.cells.map((cell) => JSON.stringify(cell)).sort();
  const rows = rest.rows as Record<string, unknown>[] | undefined;
  if (rows === undefined) return rest;
  return { ...rest, rows: rows.map(({ id: _id, observedTimestamp: _observed, ...row }) => row) };
}

const QUESTIONS = [
  "/logs?limit=1000",
  "/logs?limit=1000&order=asc",
  "/logs?limit=7&query=declined",
  "/logs?limit=1000&query=level%3A%3E%3Dwarn%20service%3Acheckout",
  "/logs?limit=1000&query=duration_ms%3A%3E500%20-declined",
  "/logs?limit=1000&query=%2Fdecl..ed%2F",
  "/logs/count",
  "/logs/count?query=customer%3Ac3",
  "/logs/histogram",
  "/logs/histogram?query=level%3Aerror&buckets=200",
  "/logs/facets?fields=level,service,customer&limit=20",
  "/logs/facets?fields=level,service,customer&limit=20&query=declined",
  "/logs/fields",
  "/logs/values?field=customer&limit=20",
];

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const UNKNOWN = "f".repeat(32);

const TRACE_QUESTIONS = [
  "/traces",
  "/traces?query=step%3A%3E5",
  "/traces/latency",
  "/traces/services",
  "/traces/facets?fields=service,name",
  "/traces/fields",
  "/traces/values?field=step",
  `/traces/${TRACE}`,
  `/traces/${TRACE}/outline`,
];

/** A span of the one trace, in a request of its own: spans of different requests come to lie on different nodes. */
async function sendSpan(server: ServerProcess, n: number): Promise<void> {
  const start = BigInt(START + n) * 1_000_000n;
  const span = {
    traceId: TRACE,
    spanId: n.toString(16).padStart(16, "1"),
    name: `step ${n}`,
    kind: 2,
    startTimeUnixNano: String(start),
    // They differ in length, so that there is one that took longest.
    endTimeUnixNano: String(start + BigInt(n + 1) * 1_000_000n),
    attributes: [{ key: "step", value: { intValue: String(n) } }],
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "checkout" } }] };
  const answer = await fetch(`${server.address}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  });
  expect(answer.status).toBe(200);
}

/** The questions that are answered without what a node has that is away, and say so. */
const PARTIAL = [
  ...QUESTIONS,
  "/logs/explain?query=declined",
  ...TRACE_QUESTIONS,
  "/traces/explain?query=declined",
  "/storage",
  "/storage/services",
];

/** The same in Jaeger's form. */
const JAEGERS = [
  "/services",
  "/services/checkout/operations",
  "/operations?service=checkout",
  "/traces?service=checkout&lookback=2h",
  `/traces?traceID=${TRACE}`,
  `/traces/${TRACE}`,
  "/dependencies",
];

/** Those that find nothing: it may lie on the node that is away. */
const FOUND_NOWHERE = [
  "/v1/logs/1",
  "/v1/logs/1/context",
  `/v1/traces/${UNKNOWN}`,
  `/v1/traces/${UNKNOWN}/outline`,
  `/v1/traces/${TRACE}/spans/${"e".repeat(16)}`,
  `/traces/${UNKNOWN}`,
];

async function expectEqualAnswers(): Promise<void> {
  for (const question of [...QUESTIONS, ...TRACE_QUESTIONS]) {
    const expected = comparable(await get(alone, question));
    for (const server of [first, second]) {
      expect(comparable(await get(server, question)), question).toEqual(expected);
    }
  }
}

async function search(
  ...parameters: readonly string[]
): Promise<{ code: number; out: string; notes: string }> {
  const flags = [
    MAIN,
    "search",
    "--server",
    first.address,
    "--since",
    "2h",
    "--limit",
    "1000",
    ...parameters,
  ];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, flags);
    return { code: 0, out: stdout, notes: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, notes: stderr };
  }
}

/** Whether a node is the only one that is away. */
async function isOnlyOneAway({ url }: LocalNode): Promise<boolean> {
  const { statistics } = await get(first, "/logs/count");
  const { nodesAway = [] } = statistics as { nodesAway?: string[] };
  return nodesAway.length === 1 && nodesAway[0] === url;
}

/** Whether a server reaches all nodes; throws what it says instead. */
async function answersWhole(server: ServerProcess): Promise<boolean> {
  const answer = await fetch(`${server.address}/api/v1/logs?nodes=all`);
  if (!answer.ok) throw new Error(await answer.text());
  return true;
}

function node(index: number): LocalNode {
  const found = cluster.nodes[index];
  if (found === undefined) throw new Error(`there is no node ${index}`);
  return found;
}

/** Rows of a table on each node, by the node itself. */
async function rowsOnNodes(): Promise<readonly number[]> {
  const { username, password } = cluster.server;
  const query = encodeURIComponent("SELECT count() FROM polylog.otel_logs WHERE Receiver = 'jsonl'");
  return Promise.all(
    cluster.nodes.map(async ({ url }) => {
      const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}` };
      return Number(await (await fetch(`${url}/?query=${query}`, { headers })).text());
    }),
  );
}

/** The tests are steps in the life of one cluster. */
describe("a cluster of three nodes", () => {
  it("answers as one server does, row by row, through either of two servers", async () => {
    await tellBoth(0, 12);
    for (let n = 0; n < 12; n++) for (const server of [first, alone]) await sendSpan(server, n);
    await expectEqualAnswers();
    expect((await get(first, "/logs/count")).count).toBe(240);
  });

  it("has some of the records on each node", async () => {
    const rows = await rowsOnNodes();
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(240);
    for (const count of rows) expect(count).toBeGreaterThan(0);
    const { logs, spans } = await (await fetch(`${first.address}/api/v1/status`)).json();
    expect({ logs, spans }).toEqual({ logs: 240, spans: 12 });
  });

  it("gives every record an id of its own, whichever server took it in", async () => {
    const { rows } = (await get(first, "/logs?limit=1000")) as { rows: { id: string }[] };
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    const servers = new Set(rows.map(({ id }) => BigInt(id) % 1024n));
    expect(servers.size).toBe(2);
  });

  it("shows in the live tail of one server what another one takes in", async () => {
    const controller = new AbortController();
    const answer = await fetch(`${first.address}/api/v1/logs/tail?query=tailed`, {
      signal: controller.signal,
    });
    let seen = "";
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) seen += Buffer.from(chunk).toString();
    })().catch(() => {});
    expect(await send(second, '{"message":"tailed by another","time":1}')).toBe(200);
    await poll("the tail shows it", () => seen.includes("tailed by another"));
    controller.abort();
    await reading;
  });

  it("says who is away, and what is missing, when a node is killed in the middle", {
    timeout: 90_000,
  }, async () => {
    let isOver = false;
    const asking = (async () => {
      const counts: { count: number; away: readonly string[] }[] = [];
      while (!isOver) {
        const { count, statistics } = (await get(first, "/logs/count")) as {
          count: number;
          statistics: { nodesAway?: string[] };
        };
        counts.push({ count, away: statistics.nodesAway ?? [] });
      }
      return counts;
    })();
    await node(1).kill();
    await poll("the server knows", () => isOnlyOneAway(node(1)));
    isOver = true;
    for (const { count, away } of await asking) {
      // Fewer than all are never shown as all.
      if (away.length === 0) expect(count).toBe(240);
      else expect(count).toBeLessThan(240);
    }

    const partial = await get(first, "/logs?limit=1000");
    expect(partial).toMatchObject({ partial: true, statistics: { nodesAway: [node(1).url] } });
    expect((partial.rows as unknown[]).length).toBeGreaterThan(100);

    const all = await fetch(`${first.address}/api/v1/logs?nodes=all`);
    expect(all.status).toBe(503);
    expect(await all.json()).toMatchObject({
      code: "POLYLOG_E_STORE_UNAVAILABLE",
      message: expect.stringContaining(node(1).url),
    });

    const found = await search("request");
    expect(found.code).toBe(0);
    expect(found.notes).toContain(
      `A node of the cluster is away, and what is there is missing here: ${node(1).url}`,
    );
    const refused = await search("--all-nodes", "request");
    expect(refused.code).not.toBe(0);
    expect(refused.out).toBe("");
    expect(refused.notes).toContain(node(1).url);

    const status = await (await fetch(`${first.address}/api/v1/status`)).json();
    expect(status.engine.nodes).toEqual(
      cluster.nodes.map(({ url }, index) => ({ name: url, isAway: index === 1 })),
    );
  });

  it("says so in every answer, and answers nothing less where all is asked for", {
    timeout: 90_000,
  }, async () => {
    const { rows } = (await get(first, "/logs?limit=1")) as { rows: { id: string }[] };
    for (const question of [...PARTIAL, `/logs/${rows[0]?.id}/context`]) {
      const answer = await get(first, question);
      expect([question, answer.partial, answer.statistics]).toEqual([
        question,
        true,
        expect.objectContaining({ nodesAway: [node(1).url] }),
      ]);
      const joint = question.includes("?") ? "&" : "?";
      const all = await fetch(`${first.address}/api/v1${question}${joint}nodes=all`);
      expect([question, all.status]).toEqual([question, 503]);
    }
    for (const question of JAEGERS) {
      const answer = await fetch(`${first.address}/api${question}`);
      expect([question, answer.status]).toEqual([question, 200]);
      const { data, errors } = (await answer.json()) as { data: object[]; errors: unknown };
      const msg = expect.stringContaining(node(1).url);
      expect([question, errors]).toEqual([question, [{ code: 503, msg }]]);
      for (const trace of data.filter((one) => typeof one === "object" && "spans" in one)) {
        expect([question, trace]).toEqual([question, expect.objectContaining({ warnings: [msg] })]);
      }
    }
    for (const question of FOUND_NOWHERE) {
      const answer = await fetch(`${first.address}/api${question}`);
      expect([question, answer.status]).toEqual([question, 503]);
      expect(await answer.text()).toContain(node(1).url);
    }
  });

  it("takes records in meanwhile, and starts servers", { timeout: 90_000 }, async () => {
    await tellBoth(1000, 6);
    await second.stop({ keepData: true });
    second = await startOnCluster({ dataDirectory: second.dataDirectory });
    await tellBoth(2000, 6);
  });

  it("is whole again when the node is back, with the records of before and of meanwhile", async () => {
    await node(1).start();
    for (const server of [first, second]) await poll("the server has it again", () => answersWhole(server));
    await tellBoth(3000, 6);
    await expectEqualAnswers();
    expect((await get(first, "/logs/count?nodes=all")).count).toBe(240 + 18 * 20);
  });

  it("gives a node that comes back empty its tables again", { timeout: 90_000 }, async () => {
    await node(2).kill();
    await rm(join(directory, "node-3"), { recursive: true, force: true });
    await node(2).start();
    for (const server of [first, second]) await poll("the server has it again", () => answersWhole(server));
    await tellBoth(4000, 6);
    const rows = await rowsOnNodes();
    expect(rows[2]).toBeGreaterThan(0);
  });
});
