import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCluster } from "../../packages/engine/dist/local-cluster.js";
import { cpuSeconds } from "../process.mjs";
import { median } from "../report.mjs";
import { serve } from "../serve.mjs";
import { afterMerges, send } from "./intake.mjs";

const NODES = [1, 2, 3];
const ROUNDS = 15;
/** With so many connections for each node: what is under way decides how large the blocks are that each one gets. */
const FLOOD = { protocol: "jsonl", size: 5000 };
const CONNECTIONS = 8;
const QUESTIONS = [
  ["last 100", "logs", { limit: "100" }],
  ["count of all", "logs/count", {}],
  ["histogram by severity", "logs/histogram", {}],
  ["facets of a column", "logs/facets", { fields: "service" }],
];

/**
 * What intake and questions cost on a ClickHouse server, and on clusters of two and three, all on this one machine: so
 * the nodes share its cores, with server and sender. That shows what a cluster costs beyond a single server (records in
 * CPU seconds a million, which holds wherever the nodes are), and not how much more it takes on machines of its own.
 * Questions are asked when the merges are done.
 */
export async function run({ isQuick, report }) {
  const seconds = isQuick ? 3 : 12;
  for (const nodes of NODES) await measure(nodes, seconds, report);
}

async function measure(nodes, seconds, report) {
  const name = (text) => `${nodes} ${nodes === 1 ? "node" : "nodes"}, ${text}`;
  const directory = mkdtempSync(join(tmpdir(), "polylog-bench-"));
  const cluster = await startLocalCluster({ directory, nodes, memoryBytes: 2e9 });
  try {
    const server = await serve([
      ...["--data", join(directory, "server"), "--log-level", "error", "--engine", "clickhouse"],
      ...["--clickhouse-url", cluster.nodes.map(({ url }) => url).join(",")],
      ...["--clickhouse-user", cluster.server.username],
      `--clickhouse-password=${cluster.server.password}`,
    ]);
    try {
      const flood = { ...FLOOD, connections: CONNECTIONS * nodes, http: server.address };
      await send({ ...flood, seconds: 2 });
      const engines = cluster.nodes.map((node) => node.pid());
      const cpu = () => engines.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
      const before = { engine: cpu(), server: cpuSeconds(server.pid) };
      const sent = await send({ ...flood, seconds });
      const millions = sent.acknowledged / 1e6;
      report.add(name("records"), sent.acknowledged / sent.seconds, "records/s");
      const nodesCpu = cpu();
      report.add(name("CPU of the nodes"), (nodesCpu - before.engine) / millions, "s/M records");
      report.add(
        name("CPU of the server"),
        (cpuSeconds(server.pid) - before.server) / millions,
        "s/M records",
      );
      report.add(name("acknowledged, p99"), sent.p99, "ms");
      const merged = await afterMerges(cpu, nodes);
      report.add(name("CPU of the merges that follow"), (merged - nodesCpu) / millions, "s/M records");
      const { logs, bytesOnDisk } = await (await fetch(`${server.address}/api/v1/status`)).json();
      report.add(name("on disk"), bytesOnDisk / logs, "bytes/record");
      for (const [question, path, parameters] of QUESTIONS) {
        report.add(name(question), await ask(server, path, parameters), "ms");
      }
    } finally {
      await server.stop();
    }
  } finally {
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The median time of an answer, warm, in milliseconds. */
async function ask(server, path, parameters) {
  const window = { from: "now-2d", to: "now+1d", ...parameters };
  const url = `${server.address}/api/v1/${path}?${new URLSearchParams(window)}`;
  const times = [];
  for (let round = -2; round < ROUNDS; round++) {
    const start = performance.now();
    const response = await fetch(url);
    const body = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${body}`);
    if (round >= 0) times.push(performance.now() - start);
  }
  return median(times);
}

/** One line for each measure, one column for each number of nodes. */
export function tableOf(rows) {
  const cells = new Map();
  for (const { case: text, value, unit } of rows) {
    const [, nodes, measure] = /^(\d+) nodes?, (.*)$/.exec(text) ?? [];
    const label = `${measure}, ${unit}`;
    if (!cells.has(label)) cells.set(label, []);
    cells.get(label)[NODES.indexOf(Number(nodes))] = value.toLocaleString("en");
  }
  return {
    columns: ["", ...NODES.map((nodes) => `${nodes} ${nodes === 1 ? "node" : "nodes"}`)],
    rows: [...cells].map(([label, values]) => [label, ...values.map((value) => value ?? "")]),
  };
}
