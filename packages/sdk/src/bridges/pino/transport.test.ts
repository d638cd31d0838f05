import { afterEach, describe, expect, test, vi } from "vitest";
import { recording } from "../testing/recording.ts";
import { runProgram } from "../testing/run-program.ts";
import pinoTransport, { type PinoTransportOptions } from "./index.ts";

afterEach(() => vi.unstubAllEnvs());

async function opened(options: PinoTransportOptions = {}) {
  const { polylog, records } = recording();
  const stream = await pinoTransport({ polylog, ...options });
  const end = () => new Promise((resolve) => stream.once("close", resolve).end());
  return { stream, polylog, records, end };
}

describe("the stream in pino's worker", () => {
  test("puts lines together that come in pieces, characters too", async () => {
    const { stream, records, end } = await opened({ logger: "app" });
    const bytes = Buffer.from(
      '{"level":30,"time":17,"msg":"größe €"}\n{"level":50,"msg":"b"}\n\n{"level":10,"msg":"c"}',
    );
    for (const byte of bytes) stream.write(Buffer.of(byte));
    await end();
    expect(records.map(({ logger, level, message }) => [logger, level, message])).toEqual([
      ["app", "info", "größe €"],
      ["app", "error", "b"],
      ["app", "trace", "c"],
    ]);
  });

  test("takes many lines at once", async () => {
    const { stream, records, end } = await opened();
    const line = (at: number) =>
      `{"level":30,"time":${at + 1e12},"pid":1,"hostname":"h","name":"app","at":${at},"msg":"x"}\n`;
    stream.write(Array.from({ length: 5_000 }, (_, at) => line(at)).join(""));
    await end();
    expect(records).toHaveLength(5_000);
    expect(records[4_999]).toMatchObject({ logger: "app", time: 1e12 + 4_999, metadata: { at: 4_999 } });
  });

  test("closes Polylog's sinks when it ends", async () => {
    const { polylog, end } = await opened();
    const close = vi.fn(async () => {});
    polylog.configure({ sinks: { closing: { writeRecord() {}, close } } });
    await end();
    expect(close).toHaveBeenCalledOnce();
  });

  test("flush answers when Polylog has flushed", async () => {
    const { stream, polylog } = await opened();
    const flush = vi.fn(async () => {});
    polylog.configure({ sinks: { flushing: { writeRecord() {}, flush } } });
    await new Promise((resolve) => (stream as unknown as { flush(done: unknown): void }).flush(resolve));
    expect(flush).toHaveBeenCalledOnce();
  });

  test.each<[string, PinoTransportOptions, Record<string, string>, boolean]>([
    ["without a level", {}, {}, true],
    ["with a level of its options", { level: "warn" }, {}, false],
    ["with a level of the environment", {}, { POLYLOG_LEVEL: "warn" }, false],
    ["with a filter of the environment", {}, { POLYLOG_FILTER: "warn" }, false],
  ])("%s, debug is let through: %#", async (_name, options, environment, isEnabled) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { polylog } = recording();
    polylog.configure({ level: "info" });
    await pinoTransport({ polylog, ...options });
    expect(polylog.isEnabled("app", "debug")).toBe(isEnabled);
  });
});

describe("pino's worker", () => {
  const program = (end: string) => `import { pino } from "pino";
    const transport = { target: "polylog/pino", options: { appId: "shop" } };
    const log = pino({ name: "app", level: "trace", messageKey: "text", errorKey: "problem", transport });
    log.trace({ orderId: 17 }, "first");
    log.error(new TypeError("boom"), "failed");
    for (let at = 0; at < 2000; at++) log.info({ at }, "burst");
    ${end}`;

  test.each([
    ["a natural end", "", 0],
    ["process.exit", "process.exit(3);", 3],
    ["a throw", 'throw new Error("x");', 1],
  ])("loses nothing at %s, and knows pino's keys", async (_name, end, expected) => {
    const { records, stderr, code } = await runProgram(program(end));
    expect(records).toHaveLength(2_002);
    expect(records.slice(0, 3)).toEqual([
      "TRACE [N] shop app first orderId=17",
      "ERROR [N] shop app failed",
      "INFO  [N] shop app burst at=0",
    ]);
    expect(stderr).toContain("TypeError: boom\n");
    expect(code).toBe(expected);
  });

  test("is configured by the environment", async () => {
    const { records } = await runProgram(program(""), { POLYLOG_FILTER: "app=error" });
    expect(records).toEqual(["ERROR [N] shop app failed"]);
  });
});
