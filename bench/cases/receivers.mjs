import { spawn } from "node:child_process";
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
const LEAST_OF = { "syslog, TCP": 80_000, "loki, protobuf": 80_000, elasticsearch: 80_000 };

/**
 * Records a second of each receiver, from the first byte to the last record committed, by the server's own count; and
 * seconds of CPU that server and engine take for a million. Linux only.
 */
export async function run({ isQuick, report }) {
  const rounds = isQuick ? 1 : 5;
  const total = isQuick ? 20_000 : 200_000;
  const protocols = [
    ...Object.entries(HTTP).map(([name, { receiver = name, count }]) => ({
      kind: "http",
      name,
      receiver,
      count,
    })),
    ...Object.entries(SOCKETS).map(([name, { receiver, count }]) => ({
      kind: "socket",
      name,
      receiver,
      count,
    })),
  ];
  const data = mkdtempSync(join(tmpdir(), "polylog-bench-"));
  const receivers = [...new Set(Object.values(SOCKETS).map(({ receiver }) => `${receiver}:0`))].join(",");
  const server = await serve(["--data", data, "--receivers", receivers, "--log-level", "error"]);
  const figures = new Map(protocols.map(({ name }) => [name, { speeds: [], cpu: [] }]));
  try {
    const { endpoints } = await (await fetch(`${server.address}/api/v1/status`)).json();
    for (let round = 0; round < rounds; round++) {
      for (const protocol of protocols) {
        const address = addressOf(protocol, server, endpoints);
        // One request a record takes its time: fewer show as much.
        const records = protocol.count === 1 ? total / 10 : total;
        const figure = await measure(server, protocol, address, records);
        figures.get(protocol.name).speeds.push(figure.speed);
        figures.get(protocol.name).cpu.push(figure.cpu);
      }
    }
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
  for (const [name, { speeds, cpu }] of figures) {
    report.add(name, median(speeds), "records/s", { atLeast: LEAST_OF[name] ?? LEAST });
    report.add(`${name}, CPU`, median(cpu), "s per million");
  }
}

/** A line for each receiver. */
export function tableOf(rows) {
  const receivers = rows.filter(({ unit }) => unit === "records/s");
  return {
    columns: ["Receiver", "Records a second", "At least", "CPU for a million"],
    rows: receivers.map(({ case: name, value, atLeast }) => [
      name,
      Math.round(value).toLocaleString("en"),
      atLeast.toLocaleString("en"),
      `${rows.find((row) => row.case === `${name}, CPU`).value} s`,
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
  const cpuBefore = cpuOfAll(server.pid);
  const start = performance.now();
  const [host, port] = [
    address.slice(0, address.lastIndexOf(":")),
    address.slice(address.lastIndexOf(":") + 1),
  ];
  const sender = spawn(process.execPath, [SENDER, kind, name, host, port, String(records)], {
    stdio: "inherit",
  });
  const ended = new Promise((resolve) => sender.once("exit", resolve));
  let status;
  void ended.then((code) => {
    status = code;
  });
  while ((await accepted(server, receiver)) - before < wanted) {
    if (status) throw new Error(`the sender of ${name} ended with ${status}`);
    if (performance.now() - start > 120_000)
      throw new Error(`${name}: records are missing after two minutes`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const seconds = (performance.now() - start) / 1000;
  const cpu = cpuOfAll(server.pid) - cpuBefore;
  sender.kill();
  await ended;
  return { speed: wanted / seconds, cpu: (cpu / wanted) * 1e6 };
}

/** Records of a receiver that the server has committed since it started. */
async function accepted(server, receiver) {
  const text = await (await fetch(`${server.address}/metrics`)).text();
  const found = new RegExp(`^polylog_accepted_records_total\\{receiver="${receiver}"\\} (\\d+)`, "m").exec(
    text,
  );
  return Number(found?.[1] ?? 0);
}

/** Of a process and its children. */
function cpuOfAll(pid) {
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + cpuSeconds(each), 0);
}
