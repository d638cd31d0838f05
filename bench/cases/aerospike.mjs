import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { installClient } from "../../packages/aerospike/src/testing/client/install.mjs";
import { startServerProcess } from "../../packages/aerospike/src/testing/server-process.mjs";
import { keepAwake, pin } from "../cores.mjs";
import { median } from "../report.mjs";

const MEASURE = fileURLToPath(new URL("../../packages/aerospike/src/testing/measure.mjs", import.meta.url));

/** What is added to a call of the client, by what of OpenTelemetry is set up. */
const CALLS = [
  { name: "no SDK", bar: 100, unit: "ns" },
  { name: "a span", isTraced: true, bar: 5, unit: "µs" },
  { name: "a span, with a callback", isTraced: true, form: "callback", unit: "µs" },
  { name: "a span and a duration", isTraced: true, isMeasured: true, unit: "µs" },
];

/** What is added to a round trip: both together have the bar, and each alone says where it goes. */
const TRIPS = [
  { name: "a span", isTraced: true },
  { name: "a span that is sent", isTraced: true, isSent: true },
  { name: "a duration", isMeasured: true },
  { name: "a span and a duration", isTraced: true, isMeasured: true, bar: 1 },
];

/** The server's, and that of the program that measures: a database is on another machine, and so works meanwhile. */
const CORES = { server: 1, program: 0 };

/**
 * What @polylog/aerospike adds to an operation of the official client: to a call whose native part does nothing, and to the round
 * trip to a server of the protocol on this machine, at the median. The figures of each case are from processes of its own, in
 * which calls with and without it take turns: how long a round trip takes differs from process to process.
 */
export async function run({ isQuick, report }) {
  const folder = await installClient();
  const server = await startServerProcess();
  const collector = await startCollector();
  const milliseconds = isQuick ? 600 : 3_000;
  const rounds = Array.from({ length: isQuick ? 1 : 3 });
  pin(server.pid, CORES.server);
  const letSleep = keepAwake(Object.values(CORES));
  const measureAll = async (what) => {
    const figures = [];
    for (const _ of rounds) figures.push(await measure({ ...what, folder, port: server.port, milliseconds }));
    return (of) => median(figures.map(of));
  };
  try {
    for (const { name, bar, unit, ...how } of CALLS) {
      const medianOf = await measureAll({ action: "call", ...how });
      const added = medianOf(({ off, on }) => on.cpu - off.cpu);
      report.add(`added to a call: ${name}`, unit === "ns" ? added * 1_000 : added, unit, bar ? { bar } : {});
    }
    for (const { name, bar, isSent, ...how } of TRIPS) {
      const medianOf = await measureAll({
        action: "trip",
        ...how,
        ...(isSent && { collector: collector.url }),
      });
      // What is printed of one case is of the same round trips: what is added and its share fit together.
      const [off, on] = [medianOf(({ off }) => off.clock), medianOf(({ on }) => on.clock)];
      report.add(`round trip without ${name}, p50`, off, "µs");
      report.add(`added to a round trip: ${name}`, on - off, "µs");
      report.add(`added to a round trip: ${name}, share`, (on / off - 1) * 100, "%", bar ? { bar } : {});
      const added = medianOf(({ off, on }) => on.cpu - off.cpu);
      report.add(`added to a round trip: ${name}, CPU`, added, "µs");
    }
  } finally {
    letSleep();
    collector.server.close();
    await server.stop();
  }
}

/** Takes all it is sent. */
async function startCollector() {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, url: `http://127.0.0.1:${server.address().port}/v1/traces` };
}

async function measure(what) {
  const child = fork(MEASURE, [JSON.stringify(what)]);
  pin(child.pid, CORES.program);
  const [figure] = await Promise.race([once(child, "message"), once(child, "exit")]);
  if (typeof figure !== "object") throw new Error(`the process that measures ended with ${figure}`);
  await once(child, "exit");
  return figure;
}
