import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { promisify } from "node:util";
import pino from "pino";
import { describe, expect, test } from "vitest";
import winston from "winston";
import { attributesOf, describeJsonl } from "../../testing/jsonl-app.ts";

describeJsonl((jsonl) => {
  describe("real loggers", () => {
    test("pino", async () => {
      const chunks: string[] = [];
      const logger = pino({ name: "shop" }, { write: (line) => void chunks.push(line) });
      logger.child({ module: "cart" }).warn({ user: { id: 7 } }, "slow");
      logger.error(new TypeError("gone"), "failed");
      expect((await jsonl.post(chunks.join(""))).body).toMatchObject({ accepted: 2, rejected: 0 });
      const [slow, failed] = jsonl.intake.logs;
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
      expect(attributesOf(failed)["exception.stacktrace"]).toContain("senders.test.ts");
    });

    test("winston, through its own transports", async () => {
      await jsonl.app.listen({ port: 0, host: "127.0.0.1" });
      const { port } = jsonl.app.server.address() as AddressInfo;
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
      await expect.poll(() => jsonl.intake.logs.length, { timeout: 10_000 }).toBe(3);
      logger.end();
      await once(logger, "finish");
      await jsonl.post(lines.join(""));
      expect(jsonl.intake.logs).toHaveLength(6);
      for (const [http, error, silly] of [jsonl.intake.logs.slice(0, 3), jsonl.intake.logs.slice(3)]) {
        expect(http).toMatchObject({ body: "GET /", severityNumber: 9, resource: { serviceName: "shop" } });
        expect(attributesOf(http)).toEqual({ status: "200" });
        expect(error).toMatchObject({ body: "gone", severityNumber: 17, severityText: "error" });
        expect(attributesOf(error)["exception.stacktrace"]).toContain("TypeError: gone\n    at ");
        expect(silly).toMatchObject({ body: "tiny", severityNumber: 1 });
      }
    });

    test("curl, as the README has it", async () => {
      await jsonl.app.listen({ port: 0, host: "127.0.0.1" });
      const { port } = jsonl.app.server.address() as AddressInfo;
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
      expect(jsonl.intake.logs).toMatchObject([
        { body: "disk is nearly full", severityNumber: 13, resource: { serviceName: "shop" } },
        { body: "ready", severityNumber: 9, resource: { serviceName: "shop" } },
      ]);
    });
  });
});
