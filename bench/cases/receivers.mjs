import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childrenOf, cpuSeconds } from "../process.mjs";
import { HTTP } from "../receivers/http.mjs";
import { SOCKETS } from "../receivers/sockets.mjs";
import { median } from "../report.mjs";
import { serve } from "../serve.mjs";

const SENDER = fileURLToPath(new URL("../receivers/sender.mjs", import.meta.url));

/** What each receiver has to take at least, records a second, with the sender on the same two cores. */
const LEAST = 30_000;
/** Milliseconds. */
const PATIENCE = 120_000;
const PARTS = ["server", "engine", "sender"];
const LEAST_OF = { "syslog, TCP": 80_000, "loki, protobuf": 80_000, elasticsearch: 80_000 };

/**
 * Records a second of each receiver, from the first byte to the last record committed, by the server's own count; and
 * the seconds of CPU that server, engine and sender take for a million. Each on a server of its own with an empty store, or what
 * is left to merge of one would be in the figures of the next. Linux only.
 */
export async function run({ isQuick, isWanted, report }) {
  const rounds = isQuick ? 1 : 3;
  const total = isQuick ? 20_000 : 200_000;
  const kinds = { http: HTTP, socket: SOCKETS };
  for (const [kind, protocols] of Object.entries(kinds)) {
    for (const [name, { receiver = name, count }] of Object.entries(protocols)) {
      if (!isWanted(name)) continue;
      // One request a record takes its time: fewer show as much.
      const records = count === 1 ? total / 10 : total;
      const figures = await measureAlone({ kind, name, receiver, count }, records, rounds);
      const medianOf = (part) => median(figures.map((figure) => figure[part]));
      report.add(name, medianOf("speed"), "records/s", { atLeast: LEAST_OF[name] ?? LEAST });
      for (const part of PARTS) report.add(`${name}, ${part}`, medianOf(part), "s per million");
    }
  }
}

/** One receiver on a fresh server; a first round finds cold code, and doesn't count. */
async function measureAlone(protocol, records, rounds) {
  const data = mkdtempSync(join(tmpdir(), "polylog-bench-"));
  const listener = protocol.kind === "http" ? [] : ["--receivers", `${protocol.receiver}:0`];
  const server = await serve(["--data", data, ...listener, "--log-level", "error"]);
  try {
    const { endpoints } = await (await fetch(`${server.address}/api/v1/status`)).json();
    const address = addressOf(protocol, server, endpoints);
    const figures = [];
    for (let round = -1; round < rounds; round++) {
      const figure = await measure(server, protocol, address, records);
      if (round >= 0) figures.push(figure);
    }
    return figures;
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** A line for each receiver. */
export function tableOf(rows) {
  const receivers = rows.filter(({ unit }) => unit === "records/s");
  return {
    columns: [
      "Receiver",
      "Records a second",
      "At least",
      ...PARTS.map((part) => `CPU for a million: ${part}`),
    ],
    rows: receivers.map(({ case: name, value, atLeast }) => [
      name,
      Math.round(value).toLocaleString("en"),
      atLeast.toLocaleString("en"),
      ...PARTS.map((part) => `${rows.find((row) => row.case === `${name}, ${part}`).value.toFixed(1)} s`),
    ]),
  };
}

function addressOf({ kind, receiver }, server, endpoints) {
  if (kind === "http") return new URL(server.address).host;
  return endpoints.receivers.find((each) => each.receiver === receiver && each.transport === "tcp").address;
}

async function measure(server, { kind, name, receiver, count }, address, records) {
  const wanted = Math.ceil(records / count) * count;
  const before = await accepted(server, receiver);
  const cut = address.lastIndexOf(":");
  const sender = fork(SENDER, [kind, name, address.slice(0, cut), address.slice(cut + 1), String(records)]);
  try {
    await said(sender, "ready", name);
    const cpuBefore = cpuOf(server.pid, sender.pid);
    const start = performance.now();
    sender.send("go");
    await said(sender, "sent", name);
    // To ask is work for the server, so it is asked when little is left.
    while ((await accepted(server, receiver)) - before < wanted) {
      if (performance.now() - start > PATIENCE)
        throw new Error(`${name}: records are missing after two minutes`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const seconds = (performance.now() - start) / 1000;
    const cpu = cpuOf(server.pid, sender.pid);
    const parts = PARTS.map((part) => [part, ((cpu[part] - cpuBefore[part]) / wanted) * 1e6]);
    return { speed: wanted / seconds, ...Object.fromEntries(parts) };
  } finally {
    sender.kill();
  }
}

/** Resolves when the sender says so; rejects when it ends, or says nothing. */
async function said(sender, word, name) {
  const ended = once(sender, "exit").then(([code]) => {
    throw new Error(`the sender of ${name} ended with ${code}`);
  });
  const limit = AbortSignal.timeout(PATIENCE);
  const [message] = await Promise.race([once(sender, "message", { signal: limit }), ended]);
  if (message !== word) throw new Error(`the sender of ${name} said ${message}`);
  ended.catch(() => {});
}

/** Records of a receiver that the server has committed since it started. */
async function accepted(server, receiver) {
  const text = await (await fetch(`${server.address}/metrics`)).text();
  const found = new RegExp(`^polylog_accepted_records_total\\{receiver="${receiver}"\\} (\\d+)`, "m").exec(
    text,
  );
  return Number(found?.[1] ?? 0);
}

/** Seconds so far. */
function cpuOf(server, sender) {
  const engine = childrenOf(server).reduce((sum, each) => sum + cpuSeconds(each), 0);
  return { server: cpuSeconds(server), engine, sender: cpuSeconds(sender) };
}
