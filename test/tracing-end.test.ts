import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  type Collector,
  startGrpcCollector,
  startHttpCollector,
} from "../packages/tracing/src/testing/collector.ts";
import { endPrograms, runTraced } from "./tracing-program.ts";

/** How processes that trace end: with all spans at the collector, and as they would have ended anyway. */

const collectors: Collector[] = [];
afterEach(async () => {
  endPrograms();
  for (const collector of collectors.splice(0)) await collector.close();
});

async function start(by: () => Promise<Collector>): Promise<Collector> {
  const collector = await by();
  collectors.push(collector);
  return collector;
}

const SPANS = 700;
const BURST = `import { initTracing, shutdownTracing, trace } from "@polylog/tracing";
  initTracing({ instrumentations: false });
  for (let i = 0; i < ${SPANS}; i++) trace("burst", { i }, () => {});
  const stay = () => setInterval(() => {}, 1000);
  const raise = (signal) => { process.kill(process.pid, signal); return stay(); };
`;

/** What the program does after its spans, how it ends, and how many spans more there are. */
const ENDINGS: [string, string, { code: number | null; signal: string | null }, number?][] = [
  ["its natural end", "", { code: 0, signal: null }],
  ["an exit code", "process.exitCode = 4;", { code: 4, signal: null }],
  ["process.exit", "process.exit(3);", { code: 3, signal: null }],
  ["an error that nobody catches", 'throw new Error("boom");', { code: 1, signal: null }],
  ["a rejection that nobody handles", 'Promise.reject(new Error("boom"));', { code: 1, signal: null }],
  ["SIGTERM", 'raise("SIGTERM");', { code: null, signal: "SIGTERM" }],
  ["SIGINT", 'raise("SIGINT");', { code: null, signal: "SIGINT" }],
  ["SIGHUP", 'raise("SIGHUP");', { code: null, signal: "SIGHUP" }],
  [
    "a signal that the application handles, and a last span",
    'process.once("SIGTERM", () => setTimeout(() => { trace("burst", () => {}); process.exit(6); }, 50)); raise("SIGTERM");',
    { code: 6, signal: null },
    1,
  ],
  [
    "a signal that the application handles, with shutdownTracing",
    'process.on("SIGTERM", async () => { trace("burst", () => {}); await shutdownTracing(); process.exit(5); }); raise("SIGTERM");',
    { code: 5, signal: null },
    1,
  ],
  [
    "process.exit while shutdownTracing is under way",
    "shutdownTracing(); process.exit(3);",
    { code: 3, signal: null },
  ],
  [
    "a signal, beside the logger",
    'const { log } = await import("polylog"); log.info("here"); raise("SIGTERM");',
    { code: null, signal: "SIGTERM" },
  ],
  [
    "a signal, beside the logger that was there first",
    // Modules that are imported run before this one's code.
    'import { log } from "polylog"; log.info("here"); raise("SIGTERM");',
    { code: null, signal: "SIGTERM" },
  ],
  [
    "spans after work that was begun when nothing was left to do",
    'process.once("beforeExit", () => setTimeout(() => trace("burst", () => {}), 20));',
    { code: 0, signal: null },
    1,
  ],
];

describe("every span reaches the collector, and the process ends as it would have, by", () => {
  it.each(ENDINGS)("%s", async (_name, ending, expected, further = 0) => {
    const { endpoint, spans } = await start(startHttpCollector);
    const program = runTraced(BURST + ending, {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    });
    expect(await program.ended, program.output()).toEqual(expected);
    expect(program.output()).not.toContain("POLYLOG_E");
    // A span whose answer was awaited when the process ended is sent again.
    expect(new Set(spans.map((span) => span.spanId)).size).toBe(SPANS + further);
  });

  it.each([
    ["grpc", "exit(3)", startGrpcCollector],
    ["http/json", "exit(3)", startHttpCollector],
    ["grpc", "kill(process.pid, 'SIGTERM')", startGrpcCollector],
  ] as const)("over %s, by process.%s", async (protocol, ending, by) => {
    const { endpoint, spans, headers } = await start(by);
    const program = runTraced(`${BURST} process.${ending};`, {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_HEADERS: "x-key=a",
    });
    await program.ended;
    expect(new Set(spans.map((span) => span.spanId)).size).toBe(SPANS);
    expect(headers.at(-1)?.["x-key"]).toBe("a");
  });
});

describe("without a collector", () => {
  it.each([
    ["its natural end", "", 0],
    ["process.exit", "process.exit(3);", 3],
  ])("a process ends soon by %s, and says once what was lost", async (_name, ending, code) => {
    const collector = await startHttpCollector();
    await collector.close();
    const began = performance.now();
    const program = runTraced(BURST.replace(`i < ${SPANS}`, "i < 7") + ending, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    });
    expect((await program.ended).code).toBe(code);
    // Three seconds at most, and what starting takes on a busy machine; an exporter alone tries for ten.
    expect(performance.now() - began).toBeLessThan(9_000);
    expect(program.output().match(/POLYLOG_E_COLLECTOR/g)).toHaveLength(1);
    expect(program.output()).toMatch(/: 7 spans were lost at the end of the process/);
  });

  it.each([
    ["after", (begin: string, work: string) => begin + work],
    ["before", (begin: string, work: string) => work + begin],
  ])(
    "what one who listens since %s initTracing begins when nothing is left to do is done all the same",
    async (_when, program) => {
      const silent = createServer().listen(0, "127.0.0.1");
      await once(silent, "listening");
      // Longer than spans are waited for, by one second.
      const work = 'process.once("beforeExit", () => setTimeout(() => console.log("all is saved"), 4_000));';
      const { ended, output } = runTraced(program(BURST, work), {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_OTLP_TIMEOUT: "5000",
      });
      const { code } = await ended;
      silent.close();
      expect(code, output()).toBe(0);
      expect(output()).toContain("all is saved");
    },
  );
});
