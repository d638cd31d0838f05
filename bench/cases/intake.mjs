import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childrenOf, cpuSeconds, residentMegabytes } from "../process.mjs";
import { median } from "../report.mjs";
import { serve } from "../serve.mjs";

const SENDER = fileURLToPath(new URL("../intake/sender.mjs", import.meta.url));

/** Milliseconds between two looks at the event loop: Node counts the time from one to the next, which is this when nothing is late. */
const BETWEEN_LOOKS = 10;
/** Requests of 5,000 records, as many as are taken. */
const FLOOD = { size: 5000, connections: 16 };
/** Seconds of a flood that lasts: merges can't wait for its end. */
const LONG = 90;
/** A fleet's everyday load: 20,000 records a second in requests of 500. */
const STEADY = { size: 500, connections: 16, rate: 20_000 };
const PROTOCOLS = [
  { protocol: "jsonl", atLeast: 150_000 },
  { protocol: "OTLP/HTTP", atLeast: 120_000 },
  { protocol: "OTLP/gRPC" },
];

/**
 * What intake takes and costs, each run on a server of its own with an empty store; the sender is another process on the
 * same machine. CPU of the engine is that up to the last acknowledgement, and for everything with the merges that
 * follow. Linux only.
 */
export async function run({ isQuick, report }) {
  const rounds = isQuick ? 1 : 3;
  const seconds = isQuick ? 5 : 20;
  for (const { protocol, atLeast } of PROTOCOLS) {
    const runs = [];
    for (let round = 0; round < rounds; round++) runs.push(await measure({ ...FLOOD, protocol, seconds }));
    const add = (name, unit, of, extra) =>
      report.add(`${protocol}, ${name}`, median(runs.map(of)), unit, extra);
    add("records", "records/s", (run) => run.records / run.seconds, atLeast && { atLeast });
    add("volume", "MB/s", (run) => run.bytes / run.seconds / 1e6);
    add("CPU of the server", "s/M records", (run) => run.serverCpu);
    add("CPU of the engine", "s/M records", (run) => run.engineCpu);
    add("CPU of both", "s/M records", (run) => run.serverCpu + run.engineCpu, { bar: 9 });
    add("CPU of the merges that follow", "s/M records", (run) => run.mergeCpu);
    add("acknowledged, p50", "ms", (run) => run.p50);
    add("acknowledged, p99", "ms", (run) => run.p99);
    add("memory of both", "MB", (run) => run.megabytes, { bar: 900 });
    add("on disk", "bytes/record", (run) => run.bytesOnDisk);
  }
  const long = await measure({ ...FLOOD, protocol: "jsonl", seconds: isQuick ? seconds : LONG });
  report.add("jsonl for 90 s, records", long.records / long.seconds, "records/s");
  report.add("jsonl for 90 s, CPU of both", long.serverCpu + long.engineCpu, "s/M records");
  report.add("jsonl for 90 s, memory of both", long.megabytes, "MB");
  const steady = [];
  for (let round = 0; round < rounds; round++) {
    steady.push(await measure({ ...STEADY, protocol: "OTLP/HTTP", seconds }));
  }
  const add = (name, unit, of, bar) =>
    report.add(`20,000 records/s, ${name}`, median(steady.map(of)), unit, { bar });
  add("acknowledged, p50", "ms", (run) => run.p50);
  add("acknowledged, p99", "ms", (run) => run.p99, 400);
  add("event loop, p99", "ms", (run) => run.lag, 20);
  add("memory of both", "MB", (run) => run.megabytes, 900);
  add("CPU of both", "s/M records", (run) => run.serverCpu + run.engineCpu);
}

async function measure(options) {
  const data = mkdtempSync(join(tmpdir(), "polylog-bench-"));
  const server = await serve(["--data", data, "--log-level", "error"]);
  try {
    const status = () => fetch(`${server.address}/api/v1/status`).then((answer) => answer.json());
    const { endpoints } = await status();
    const [engine] = childrenOf(server.pid);
    // The first requests meet code that is not compiled yet.
    await send({ ...options, http: server.address, grpc: endpoints.grpc, seconds: 3 });
    await metric(server, "nodejs_eventloop_lag_p99_seconds");
    const before = {
      server: cpuSeconds(server.pid),
      engine: cpuSeconds(engine),
      logs: (await status()).logs,
    };
    let megabytes = 0;
    const watch = setInterval(() => {
      megabytes = Math.max(megabytes, residentMegabytes(server.pid) + residentMegabytes(engine));
    }, 200);
    const sent = await send({ ...options, http: server.address, grpc: endpoints.grpc });
    clearInterval(watch);
    const millions = sent.acknowledged / 1e6;
    const engineCpu = cpuSeconds(engine);
    const serverCpu = (cpuSeconds(server.pid) - before.server) / millions;
    const lag = (await metric(server, "nodejs_eventloop_lag_p99_seconds")) * 1000 - BETWEEN_LOOKS;
    const { logs } = await status();
    if (sent.failed === 0 && logs - before.logs !== sent.acknowledged) {
      throw new Error(`${sent.acknowledged} acknowledged, ${logs - before.logs} stored`);
    }
    const merged = await afterMerges(() => cpuSeconds(engine));
    const end = await status();
    return {
      ...sent,
      records: sent.acknowledged,
      serverCpu,
      engineCpu: (engineCpu - before.engine) / millions,
      mergeCpu: (merged - engineCpu) / millions,
      bytesOnDisk: end.bytesOnDisk / end.logs,
      megabytes,
      lag,
    };
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/**
 * Seconds of CPU of engines when they have nothing left to do: one of ours begins to merge some seconds after a burst.
 *
 * @param {() => number} cpu seconds that they have taken so far
 * @param {number} engines how many they are
 */
export async function afterMerges(cpu, engines = 1) {
  let before = cpu();
  for (let quiet = 0; quiet < 15; ) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const now = cpu();
    quiet = now - before < 0.05 * engines ? quiet + 1 : 0;
    before = now;
  }
  return before;
}

/** Sends as many records as are taken, from another process; resolves with what was acknowledged, and how soon. */
export async function send(options) {
  const sender = spawn(process.execPath, [SENDER, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  for await (const chunk of sender.stdout) printed += chunk;
  return JSON.parse(printed);
}

async function metric(server, name) {
  const text = await (await fetch(`${server.address}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
}
