import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { describeJsonl } from "../../testing/jsonl-app.ts";

describeJsonl((jsonl) => {
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
      const { status, body: answer } = await jsonl.post(body);
      expect(answer).toEqual({ accepted: expected.length, rejected: 0, errors: [] });
      expect(status).toBe(200);
      expect(jsonl.bodies()).toEqual(expected);
    });

    test.each([
      "application/json",
      "application/x-ndjson; charset=utf-8",
      "text/plain",
      "application/x-www-form-urlencoded",
    ])("as %s", async (type) => {
      expect(await jsonl.post('{"msg":"a"}', { "content-type": type })).toMatchObject({ status: 200 });
      expect(jsonl.bodies()).toEqual(["a"]);
    });

    test("compressed", async () => {
      expect(await jsonl.post(gzipSync('{"msg":"a"}'), { "content-encoding": "gzip" })).toMatchObject({
        status: 200,
      });
      expect(jsonl.bodies()).toEqual(["a"]);
    });

    test("of any size, in slices", async () => {
      const lines = Array.from(
        { length: 60_000 },
        (_, n) => `{"level":30,"msg":"line ${n}","text":"${"x".repeat(80)}"}`,
      );
      for (const body of [lines.join("\n"), `[${lines.join(",")}]`]) {
        let turns = 0;
        const timer = setInterval(() => turns++, 1);
        expect((await jsonl.post(body)).body).toEqual({ accepted: 60_000, rejected: 0, errors: [] });
        clearInterval(timer);
        expect(turns).toBeGreaterThan(20);
      }
      expect(jsonl.intake.logs.at(-1)!.body).toBe("line 59999");
      expect(jsonl.counts).toEqual({ accepted: 120_000 });
    });
  });

  describe("defaults", () => {
    test("come from the address or from headers, and go behind what a line says", async () => {
      await jsonl.post(
        '{"msg":"a"}\n{"msg":"b","service":"own","hostname":"h"}',
        { "polylog-runtime": "node" },
        "?service=shop&host=web1&logger=main",
      );
      expect(
        jsonl.intake.logs.map(({ resource, scope }) => [
          resource.serviceName,
          resource.host,
          resource.runtime,
          scope.name,
        ]),
      ).toEqual([
        ["shop", "web1", "node", "main"],
        ["own", "h", "node", "main"],
      ]);
      expect(jsonl.intake.logs[0]!.resource.attributes).toEqual([
        ...["service.name", "shop", "host.name", "web1", "polylog.runtime", "node"],
      ]);
    });

    test("a record without a time has the time at which it came", async () => {
      await jsonl.post('{"msg":"a"}');
      expect(jsonl.intake.logs[0]).toMatchObject({
        timestamp: 1_700_000_000_000_000_000n,
        observedTimestamp: 1_700_000_000_000_000_000n,
      });
    });
  });
});
