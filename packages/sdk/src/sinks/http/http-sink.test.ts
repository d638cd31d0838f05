import { spawn } from "node:child_process";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from "../../../../../test/scripted-server.ts";
import type { LogRecord } from "../../logger/record.ts";
import { createProblems } from "../../problems.ts";
import type { RecordSink } from "../sink.ts";
import { type HttpSinkOptions, httpSink } from "./http-sink.ts";

/** Limit, and pause between looks, in milliseconds. */
const SOON = { timeout: 15_000, interval: 10 };

let server: ScriptedServer;
let open: RecordSink[] = [];
afterEach(async () => {
  for (const sink of open) await sink.close?.();
  open = [];
  await server?.stop();
});

async function sinkTo(answers: readonly ScriptedAnswer[] = [], options: Partial<HttpSinkOptions> = {}) {
  server = await startScriptedServer(...answers);
  const sink = httpSink({ apiKey: "aura_1", endpoint: server.url, environment: "staging", ...options });
  open.push(sink);
  return sink;
}

const TIME = Date.parse("2026-03-27T10:23:45.123Z");
function record(fields: Partial<LogRecord> = {}): LogRecord {
  return {
    time: TIME,
    level: "info",
    logger: "root",
    message: "paid",
    system: "node",
    metadata: undefined,
    error: undefined,
    context: undefined,
    trace: undefined,
    appId: undefined,
    ...fields,
  };
}

const requests = () => server.requests.map(({ path, body }) => ({ path, body }));

describe("an HTTP sink", () => {
  it("sends records below error in a batch, as Auralogs takes them", async () => {
    const sink = await sinkTo();
    sink.writeRecord(record({ level: "debug", message: "hit cache", metadata: { key: "user:42" } }));
    sink.writeRecord(record({ metadata: { user_id: "u_42", route: "/api/checkout" } }));
    sink.writeRecord(record({ level: "warn", message: "slow" }));
    expect(server.requests).toEqual([]);
    await sink.flush?.();
    const common = { environment: "staging", timestamp: "2026-03-27T10:23:45.123Z" };
    expect(requests()).toEqual([
      {
        path: "/v1/logs",
        body: {
          projectApiKey: "aura_1",
          logs: [
            { level: "debug", message: "hit cache", ...common, metadata: { key: "user:42" } },
            {
              level: "info",
              message: "paid",
              ...common,
              metadata: { user_id: "u_42", route: "/api/checkout" },
            },
            { level: "warn", message: "slow", ...common },
          ],
        },
      },
    ]);
    expect(server.requests[0]).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/json" },
    });
  });

  it.each(["error", "fatal"] as const)("sends %s at once and by itself", async (level) => {
    const sink = await sinkTo();
    sink.writeRecord(record());
    sink.writeRecord(record({ level, message: "payment failed", error: new RangeError("too much") }));
    await expect.poll(requests, SOON).toEqual([
      {
        path: "/v1/logs/single",
        body: {
          projectApiKey: "aura_1",
          log: {
            level,
            message: "payment failed",
            environment: "staging",
            timestamp: "2026-03-27T10:23:45.123Z",
            stackTrace: expect.stringMatching(/^RangeError: too much\n {4}at /),
          },
        },
      },
    ]);
  });

  it.each<[string, Partial<LogRecord>, object]>([
    ["trace as debug, which is the lowest there is", { level: "trace" }, { level: "debug" }],
    [
      "the trace it is in",
      { trace: { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", traceFlags: 1 } },
      { traceId: "4bf92f3577b34da6a3ce929d0e0e4736" },
    ],
    ["the sink's own trace id else", {}, { traceId: "run-7" }],
    [
      "logger, application and context as metadata",
      {
        logger: "myapp.billing",
        appId: "shop",
        context: { runnerClass: "R", runnerId: "r1", workerId: "w1", invocationId: "i1", taskId: "t1" },
      },
      {
        metadata: {
          logger: "myapp.billing",
          app_id: "shop",
          runner_class: "R",
          runner_id: "r1",
          worker_id: "w1",
          invocation_id: "i1",
          task_id: "t1",
        },
      },
    ],
    [
      "metadata of the same name before those",
      { logger: "a", metadata: { logger: "mine" } },
      { metadata: { logger: "mine" } },
    ],
    ["a time that is none as 1970", { time: Number.NaN }, { timestamp: "1970-01-01T00:00:00.000Z" }],
    [
      "what JSON can't hold as text",
      { metadata: { big: 10n, when: new Date(TIME), map: new Map([["a", 1]]) } },
      { metadata: { big: "10", when: "2026-03-27T10:23:45.123Z", map: { a: 1 } } },
    ],
    [
      "a getter that throws as what it throws",
      {
        metadata: {
          get bad() {
            throw new Error("no");
          },
        },
      },
      { metadata: { bad: "[Throws: no]" } },
    ],
  ])("writes %s", async (_name, fields, entry) => {
    const sink = await sinkTo([], { traceId: "run-7" });
    sink.writeRecord(record(fields));
    await sink.flush?.();
    expect(server.requests[0]!.body).toMatchObject({ logs: [entry] });
  });

  it("sends metadata as it was when it was logged", async () => {
    const sink = await sinkTo();
    const cart = { items: 1 };
    sink.writeRecord(record({ metadata: { cart } }));
    cart.items = 2;
    await sink.flush?.();
    expect(server.requests[0]!.body).toMatchObject({ logs: [{ metadata: { cart: { items: 1 } } }] });
  });

  it("keeps errors and the rest in queues of their own: neither pushes out the other", async () => {
    const sink = await sinkTo([], { maxQueueSize: 3 });
    for (let i = 0; i < 10; i++) {
      sink.writeRecord(record({ message: `info ${i}` }));
      sink.writeRecord(record({ level: "error", message: `error ${i}` }));
    }
    await sink.flush?.();
    const entries = requests().flatMap(({ body }) => {
      const { log, logs } = body as { log?: { message: string }; logs?: { message: string }[] };
      return logs ?? [log!];
    });
    expect(entries.map(({ message }) => message).sort()).toEqual([
      ...["error 7", "error 8", "error 9", "info 7", "info 8", "info 9"],
    ]);
    expect(sink.dropped).toBe(14);
  });

  it("keeps a path that the endpoint has", async () => {
    server = await startScriptedServer();
    const sink = httpSink({ apiKey: "k", endpoint: `${server.url}/ingest/` });
    sink.writeRecord(record());
    await sink.close?.();
    expect(requests()).toMatchObject([
      { path: "/ingest/v1/logs", body: { logs: [{ environment: "production" }] } },
    ]);
  });

  it.each([
    ["no key", { apiKey: "" }, "POLYLOG_E_CONFIG"],
    [
      "plain http to another machine",
      { apiKey: "k", endpoint: "http://logs.example.com" },
      "POLYLOG_E_ENDPOINT",
    ],
  ])("refuses %s", (_name, options, code) => {
    expect(() => httpSink(options)).toThrow(expect.objectContaining({ code }));
  });

  it("takes plain http to another machine when that is wanted", () => {
    expect(() =>
      httpSink({ apiKey: "k", endpoint: "http://logs.example.com", allowInsecureEndpoint: true }),
    ).not.toThrow();
  });
});

describe("at the end of the process", () => {
  type Apart = { readonly delay?: number; readonly further?: number };
  const ENDS: [string, string, string, number | string, Apart?][] = [
    ["natural", "", "", 0],
    ["natural after a flush under way", "", "void sink.flush();", 0],
    ["process.exit", "", "process.exit(7);", 7],
    ["an error nobody caught", "", "throw new Error('uncaught');", 1],
    [
      "natural, and a record of what was begun when nothing was left to do",
      "",
      "process.once('beforeExit', () => setTimeout(() => say('info', 'info 450'), 20));",
      0,
      { delay: 300, further: 1 },
    ],
    ["SIGTERM", "", "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);", "SIGTERM"],
  ];
  it.each(ENDS)(
    "%s: nothing of what waits is lost, and it ends as it would have",
    async (_name, before, last, code, { delay, further = 0 } = {}) => {
      server = await startScriptedServer({ status: 200, ...(delay !== undefined && { delay }) });
      const ended = await run(
        `${before}
      for (let i = 0; i < 450; i++) say("info", "info " + i);
      for (let i = 0; i < 20; i++) say("error", "error " + i);
      ${last}`,
        server.url,
        { exitTimeout: 30_000 },
      );
      const messages = new Set(
        requests().flatMap(({ body }) => {
          const { log, logs } = body as { log?: { message: string }; logs?: { message: string }[] };
          return (logs ?? [log!]).map(({ message }) => message);
        }),
      );
      expect(ended.errors).not.toMatch(/drops/);
      expect(messages.size).toBe(470 + further);
      expect(ended.code).toBe(code);
    },
  );

  it.each([
    ["process.exit", "process.exit(3);", "no answer before the process ended"],
    ["natural", "process.exitCode = 3;", "the server took nothing before the process ended"],
  ])("%s: it is held up no longer than it may be, and what is lost is told", async (_name, last, reason) => {
    server = await startScriptedServer("hang");
    const start = performance.now();
    const ended = await run(`say("info", "x"); ${last}`, server.url, { exitTimeout: 500, timeout: 120_000 });
    expect(ended.code).toBe(3);
    expect(ended.errors).toContain(reason);
    expect(performance.now() - start).toBeLessThan(40_000);
  });

  it("natural, and not yet, because there is work again: what the server didn't take in time is tried again", async () => {
    server = await startScriptedServer("hang", { status: 200 });
    const ended = await run(
      `say('info', 'x');
      process.once('beforeExit', () => {
        const end = Date.now() + 20_000;
        const wait = setInterval(() => (sent() || Date.now() > end) && clearInterval(wait), 50);
      });`,
      server.url,
      { exitTimeout: 300 },
    );
    expect(ended.errors).not.toMatch(/drops/);
    expect(server.requests).toHaveLength(2);
  });

  it("is held up once, not once for the errors and once for the rest", async () => {
    const spawn = vi.spyOn(process.getBuiltinModule("node:child_process"), "spawnSync");
    try {
      // This process is held up, so the server that runs in it doesn't answer.
      const sink = await sinkTo([], { exitTimeout: 50, problems: createProblems(() => {}) });
      sink.writeRecord(record());
      sink.writeRecord(record({ level: "error" }));
      sink.flushSync?.(true);
      expect(sink.dropped).toBe(2);
      expect(spawn).toHaveBeenCalledOnce();
    } finally {
      spawn.mockRestore();
    }
  });

  it("doesn't come later because the sink is there", async () => {
    server = await startScriptedServer();
    const start = performance.now();
    await run("say('info', 'x'); await sink.flush();", server.url, { flushInterval: 120_000 });
    expect(server.requests).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(40_000);
  });
});

/** Runs code in a process of its own whose records go to the server. */
async function run(code: string, endpoint: string, options: object = {}) {
  const module = (path: string) => JSON.stringify(new URL(`../../../dist/${path}`, import.meta.url).href);
  const child = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `
      import { createPolylog } from ${module("core/create-polylog.js")};
      import { nodeHost } from ${module("host/node.js")};
      import { httpSink } from ${module("sinks/http/http-sink.js")};
      let answers = 0;
      const sent = () => answers > 0;
      const counted = async (...request) => { const answer = await fetch(...request); answers++; return answer; };
      const sink = httpSink({ fetch: counted, ...${JSON.stringify({ apiKey: "k", endpoint, ...options })} });
      const polylog = createPolylog(nodeHost());
      polylog.configure({ sinks: { sink } });
      const say = (level, message) => polylog.emit({ level, message });
      ${code}`,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const code_ = await new Promise<number | string | null>((resolve) => {
    child.once("close", (exitCode, signal) => resolve(signal ?? exitCode));
  });
  return { code: code_, errors };
}
