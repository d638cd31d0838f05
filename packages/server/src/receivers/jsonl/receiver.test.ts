import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import winston from "winston";
import { createDecoding } from "../../decoding/threads.ts";
import { PolylogError } from "../../errors.ts";
import { createApp } from "../../http/app.ts";
import type { LogRecord } from "../../record/record.ts";
import { silentLog } from "../../store/testing/store.ts";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { registerJsonl } from "./receiver.ts";

const elsewhere = createDecoding({ threads: 1, heavyBytes: 0, log: silentLog });
afterAll(() => elsewhere.stop());

describe.each([
  ["decoded here", undefined],
  ["decoded on a thread", elsewhere],
])("%s", (_where, decoding) => {
  let app: FastifyInstance;
  let intake: CapturingIntake;
  let counts: Counts;

  beforeEach(() => {
    intake = capturingIntake();
    counts = {};
    app = appWith({});
  });
  afterEach(() => app.close());

  function appWith(options: Parameters<typeof receiverContext>[1]): FastifyInstance {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const created = createApp({ authToken: null, log });
    registerJsonl(created, receiverContext(intake, { counts, decoding, ...options }));
    return created;
  }

  async function post(payload: string | Buffer, headers: Record<string, string> = {}, query = "") {
    const url = `/v1/jsonl${query}`;
    const response = await app.inject({
      method: "POST",
      url,
      payload,
      headers: { host: "localhost", ...headers },
    });
    return { status: response.statusCode, body: response.json(), headers: response.headers };
  }
  const bodies = (): string[] => intake.logs.map((record) => record.body);
  const attributesOf = (record: LogRecord | undefined): Record<string, string> => {
    const list = record?.attributes ?? [];
    return Object.fromEntries(
      Array.from({ length: list.length / 2 }, (_, at) => list.slice(at * 2, at * 2 + 2)),
    );
  };

  describe("bodies", () => {
    test.each([
      ["lines", '{"msg":"a"}\n{"msg":"b"}\n', ["a", "b"]],
      ["lines without an end, and empty ones", '\n{"msg":"a"}\r\n\r\n{"msg":"b"}', ["a", "b"]],
      ["an array", '[{"msg":"a"},{"msg":"b"}]', ["a", "b"]],
      ["an array over lines", '\uFEFF [\n {"msg":"a, ]"} ,\n {"msg":"\\"[b"}\n]\n', ["a, ]", '"[b']],
      ["arrays in a row", '[{"msg":"a"}]\n[{"msg":"b"}]\n', ["a", "b"]],
      ["an empty array", "[]", []],
      ["one object", '{"msg":"a"}', ["a"]],
      ["one object over lines", '{\n "msg": "a",\n "user": {\n  "id": 7\n }\n}\n', ["a"]],
      ["nothing", "", []],
    ])("%s", async (_name, body, expected) => {
      const { status, body: answer } = await post(body);
      expect(answer).toEqual({ accepted: expected.length, rejected: 0, errors: [] });
      expect(status).toBe(200);
      expect(bodies()).toEqual(expected);
    });

    test.each([
      "application/json",
      "application/x-ndjson; charset=utf-8",
      "text/plain",
      "application/x-www-form-urlencoded",
    ])("as %s", async (type) => {
      expect(await post('{"msg":"a"}', { "content-type": type })).toMatchObject({ status: 200 });
      expect(bodies()).toEqual(["a"]);
    });

    test("compressed", async () => {
      expect(await post(gzipSync('{"msg":"a"}'), { "content-encoding": "gzip" })).toMatchObject({
        status: 200,
      });
      expect(bodies()).toEqual(["a"]);
    });

    test("of any size, in slices", async () => {
      const lines = Array.from(
        { length: 60_000 },
        (_, n) => `{"level":30,"msg":"line ${n}","text":"${"x".repeat(80)}"}`,
      );
      for (const body of [lines.join("\n"), `[${lines.join(",")}]`]) {
        let turns = 0;
        const timer = setInterval(() => turns++, 1);
        expect((await post(body)).body).toEqual({ accepted: 60_000, rejected: 0, errors: [] });
        clearInterval(timer);
        expect(turns).toBeGreaterThan(20);
      }
      expect(intake.logs.at(-1)!.body).toBe("line 59999");
      expect(counts).toEqual({ accepted: 120_000 });
    });
  });

  describe("defaults", () => {
    test("come from the address or from headers, and go behind what a line says", async () => {
      await post(
        '{"msg":"a"}\n{"msg":"b","service":"own","hostname":"h"}',
        { "polylog-runtime": "node" },
        "?service=shop&host=web1&logger=main",
      );
      expect(
        intake.logs.map(({ resource, scope }) => [
          resource.serviceName,
          resource.host,
          resource.runtime,
          scope.name,
        ]),
      ).toEqual([
        ["shop", "web1", "node", "main"],
        ["own", "h", "node", "main"],
      ]);
      expect(intake.logs[0]!.resource.attributes).toEqual([
        ...["service.name", "shop", "host.name", "web1", "polylog.runtime", "node"],
      ]);
    });

    test("a record without a time has the time at which it came", async () => {
      await post('{"msg":"a"}');
      expect(intake.logs[0]).toMatchObject({
        timestamp: 1_700_000_000_000_000_000n,
        observedTimestamp: 1_700_000_000_000_000_000n,
      });
    });
  });

  describe("bad input", () => {
    test("bad lines are told by their number, and what is beside them is kept", async () => {
      const { status, body } = await post(
        '{"msg":"a"}\n{"msg":\n[1]\n"text"\n{"msg":"b"}\n{"polylog":1,"severity":[],"resource":[]}\n',
      );
      expect(status).toBe(200);
      expect(body).toMatchObject({ accepted: 2, rejected: 4 });
      expect(body.errors.map((error: { line: number }) => error.line)).toEqual([2, 3, 4, 6]);
      expect(bodies()).toEqual(["a", "b"]);
      expect(counts).toEqual({ accepted: 2, "rejected malformed": 4 });
    });

    test("elements of an array as well", async () => {
      const { body } = await post('[{"msg":"a"},1,{"msg":oops},{"msg":"b"}]');
      expect(body).toMatchObject({ accepted: 2, rejected: 2 });
      expect(body.errors.map((error: { line: number }) => error.line)).toEqual([2, 3]);
    });

    test("ten errors are told, all are counted", async () => {
      const { body } = await post(`{"msg":"a"}\n${"x\n".repeat(25)}`);
      expect(body).toMatchObject({ accepted: 1, rejected: 25 });
      expect(body.errors).toHaveLength(10);
    });

    test.each([
      ["text", "hello\n"],
      ["half an object", '{"msg":'],
      ["an array that isn't closed", '[{"msg":oops'],
      ["scalars", "1\n2\n"],
      ["bytes", Buffer.from([0xff, 0xfe, 0x80])],
    ])("nothing but %s is refused", async (_name, body) => {
      expect(await post(body)).toMatchObject({
        status: 400,
        body: { code: "POLYLOG_E_BAD_REQUEST", accepted: 0 },
      });
      expect(intake.logs).toEqual([]);
    });

    test("a first line that is cut off spoils no other", async () => {
      expect((await post('{"msg":"a\n{"msg":"b"}\n{"msg":"c"}\n')).body).toMatchObject({
        accepted: 2,
        rejected: 1,
      });
      expect(bodies()).toEqual(["b", "c"]);
    });

    test("invalid UTF-8 is replaced", async () => {
      await post(Buffer.concat([Buffer.from('{"msg":"a'), Buffer.from([0xff]), Buffer.from('b"}')]));
      expect(bodies()).toEqual(["a\uFFFDb"]);
    });

    test.each([
      ["another type", '{"msg":"a"}', { "content-type": "application/x-protobuf" }, 415],
      ["an unknown coding", '{"msg":"a"}', { "content-encoding": "snappy" }, 415],
      ["damaged gzip", Buffer.from("nonsense"), { "content-encoding": "gzip" }, 400],
      [
        "truncated gzip",
        gzipSync('{"msg":"a"}'.repeat(99)).subarray(0, 40),
        { "content-encoding": "gzip" },
        400,
      ],
    ])("%s", async (_name, body, headers, status) => {
      expect(await post(body, headers as unknown as Record<string, string>)).toMatchObject({ status });
      expect(intake.logs).toEqual([]);
    });

    test("too large a body, and a bomb", async () => {
      await app.close();
      app = appWith({ limits: { compressed: 10_000, decompressed: 100_000 } });
      expect(await post("x".repeat(20_000))).toMatchObject({ status: 413 });
      const bomb = gzipSync(Buffer.alloc(5_000_000, "{}\n"));
      expect(await post(bomb, { "content-encoding": "gzip" })).toMatchObject({ status: 413 });
    });

    test("a record that is too large spoils no other", async () => {
      const large = JSON.stringify({ msg: "x".repeat(9 << 20) });
      for (const body of [`${large}\n{"msg":"a"}`, `[${large},{"msg":"a"}]`]) {
        const { body: answer } = await post(body);
        expect(answer).toMatchObject({ accepted: 1, rejected: 1, errors: [{ line: 1 }] });
      }
    });
  });

  describe("a store that can't take it", () => {
    test.each([
      ["full", "POLYLOG_E_INTAKE_FULL", 429],
      ["away", "POLYLOG_E_STORE_UNAVAILABLE", 503],
      ["stopping", "POLYLOG_E_STOPPING", 503],
    ] as const)("%s", async (_name, code, status) => {
      intake.refuseNext(new PolylogError(code, "no", { retryAfterSeconds: 2 }));
      const answer = await post('{"msg":"a"}');
      expect(answer).toMatchObject({ status, body: { code } });
      expect(answer.headers["retry-after"]).toBe("2");
      expect(Object.keys(counts)).toEqual([expect.stringMatching(/^rejected /)]);
    });

    test("answers only when it is committed", async () => {
      intake.hold();
      let isAnswered = false;
      const answer = post('{"msg":"a"}').then((outcome) => {
        isAnswered = true;
        return outcome;
      });
      await expect.poll(() => intake.waiting).toBe(1);
      expect(isAnswered).toBe(false);
      intake.release();
      expect(await answer).toMatchObject({ status: 200 });
    });
  });

  describe("a request that fails when a part of it is stored", () => {
    const LINES = Array.from({ length: 45_000 }, (_, n) => `{"n":${n}}${n % 1000 === 7 ? "\nbad" : ""}`)
      .join("\n")
      .split("\n");

    /** Posts what fails, then what is behind the line that the answer names. */
    async function goOn(failing: () => Promise<Awaited<ReturnType<typeof post>>>) {
      const { status, body, headers } = await failing();
      const stored = intake.logs.length;
      expect(stored).toBeGreaterThan(0);
      expect(body).toMatchObject({
        accepted: stored,
        message: expect.stringContaining(`The first ${stored} records, up to line ${body.line}, are stored.`),
        remedy: expect.stringContaining(`behind line ${body.line}`),
      });
      expect(await post(LINES.slice(body.line).join("\n"))).toMatchObject({ status: 200 });
      expect(intake.logs.map((record) => attributesOf(record).n)).toEqual(
        Array.from({ length: 45_000 }, (_, n) => String(n)),
      );
      return { status, code: body.code, headers };
    }

    test("as too large", async () => {
      await app.close();
      app = appWith({ limits: { compressed: 1 << 20, decompressed: 1 << 20 } });
      const text = LINES.join("\n");
      const answer = await goOn(() =>
        post(gzipSync(text + " ".repeat(1 << 20)), { "content-encoding": "gzip" }),
      );
      expect(answer).toMatchObject({ status: 413, code: "POLYLOG_E_TOO_LARGE" });
    });

    test("as the store goes away", async () => {
      const writeLogs = intake.writeLogs.bind(intake);
      let writes = 0;
      intake.writeLogs = async (...words) => {
        if (++writes === 2)
          intake.refuseNext(new PolylogError("POLYLOG_E_STOPPING", "no", { retryAfterSeconds: 3 }));
        return writeLogs(...words);
      };
      const answer = await goOn(() => post(LINES.join("\n")));
      expect(answer).toMatchObject({
        status: 503,
        code: "POLYLOG_E_STOPPING",
        headers: { "retry-after": "3" },
      });
    });
  });

  describe("real loggers", () => {
    test("pino", async () => {
      const chunks: string[] = [];
      const logger = pino({ name: "shop" }, { write: (line) => void chunks.push(line) });
      logger.child({ module: "cart" }).warn({ user: { id: 7 } }, "slow");
      logger.error(new TypeError("gone"), "failed");
      expect((await post(chunks.join(""))).body).toMatchObject({ accepted: 2, rejected: 0 });
      const [slow, failed] = intake.logs;
      expect(slow).toMatchObject({ body: "slow", severityNumber: 13, scope: { name: "shop" } });
      expect(Math.abs(Number(slow!.timestamp / 1_000_000n) - Date.now())).toBeLessThan(60_000);
      expect(attributesOf(slow)).toEqual({
        module: "cart",
        "user.id": "7",
        "process.pid": String(process.pid),
      });
      expect(failed).toMatchObject({ body: "failed", severityNumber: 17 });
      expect(attributesOf(failed)).toMatchObject({
        "exception.type": "TypeError",
        "exception.message": "gone",
      });
      expect(attributesOf(failed)["exception.stacktrace"]).toContain("receiver.test.ts");
    });

    test("winston, through its own transports", async () => {
      await app.listen({ port: 0, host: "127.0.0.1" });
      const { port } = app.server.address() as AddressInfo;
      const lines: string[] = [];
      const stream = new Writable({
        write(chunk, _encoding, done) {
          lines.push(String(chunk));
          done();
        },
      });
      const { combine, timestamp, errors, json } = winston.format;
      const logger = winston.createLogger({
        level: "silly",
        defaultMeta: { service: "shop" },
        format: combine(timestamp(), errors({ stack: true }), json()),
        transports: [
          new winston.transports.Stream({ stream }),
          new winston.transports.Http({
            host: "127.0.0.1",
            port,
            path: "/v1/jsonl",
            batch: true,
            batchCount: 3,
          }),
        ],
      });
      logger.http("GET /", { status: 200 });
      logger.error(new TypeError("gone"));
      logger.silly("tiny");
      await expect.poll(() => intake.logs.length, { timeout: 10_000 }).toBe(3);
      logger.end();
      await once(logger, "finish");
      await post(lines.join(""));
      expect(intake.logs).toHaveLength(6);
      for (const [http, error, silly] of [intake.logs.slice(0, 3), intake.logs.slice(3)]) {
        expect(http).toMatchObject({ body: "GET /", severityNumber: 9, resource: { serviceName: "shop" } });
        expect(attributesOf(http)).toEqual({ status: "200" });
        expect(error).toMatchObject({ body: "gone", severityNumber: 17, severityText: "error" });
        expect(attributesOf(error)["exception.stacktrace"]).toContain("TypeError: gone\n    at ");
        expect(silly).toMatchObject({ body: "tiny", severityNumber: 1 });
      }
    });

    test("curl, as the README has it", async () => {
      await app.listen({ port: 0, host: "127.0.0.1" });
      const { port } = app.server.address() as AddressInfo;
      const readme = await readFile(join(import.meta.dirname, "README.md"), "utf8");
      const commands = [...readme.matchAll(/^curl .*$/gm)].map(([command]) =>
        command.replace(":4318", `:${port}`),
      );
      const cwd = await mkdtemp(join(tmpdir(), "polylog-jsonl-"));
      try {
        await writeFile(join(cwd, "app.jsonl"), '{"level":30,"msg":"ready"}\n');
        for (const command of commands) {
          const { stdout } = await promisify(execFile)(
            "sh",
            ["-c", `${command.replace("curl", "curl -s")}`],
            {
              cwd,
            },
          );
          expect(JSON.parse(stdout)).toEqual({ accepted: 1, rejected: 0, errors: [] });
        }
      } finally {
        await rm(cwd, { recursive: true });
      }
      expect(intake.logs).toMatchObject([
        { body: "disk is nearly full", severityNumber: 13, resource: { serviceName: "shop" } },
        { body: "ready", severityNumber: 9, resource: { serviceName: "shop" } },
      ]);
    });
  });
});
