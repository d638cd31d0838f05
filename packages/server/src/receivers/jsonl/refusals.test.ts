import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { PolylogError } from "../../errors.ts";
import { describeJsonl } from "../../testing/jsonl-app.ts";

describeJsonl((jsonl) => {
  describe("bad input", () => {
    test("bad lines are told by their number, and what is beside them is kept", async () => {
      const { status, body } = await jsonl.post(
        '{"msg":"a"}\n{"msg":\n[1]\n"text"\n{"msg":"b"}\n{"polylog":1,"severity":[],"resource":[]}\n',
      );
      expect(status).toBe(200);
      expect(body).toMatchObject({ accepted: 2, rejected: 4 });
      expect(body.errors.map((error: { line: number }) => error.line)).toEqual([2, 3, 4, 6]);
      expect(jsonl.bodies()).toEqual(["a", "b"]);
      expect(jsonl.counts).toEqual({ accepted: 2, "rejected malformed": 4 });
    });

    test("elements of an array as well", async () => {
      const { body } = await jsonl.post('[{"msg":"a"},1,{"msg":oops},{"msg":"b"}]');
      expect(body).toMatchObject({ accepted: 2, rejected: 2 });
      expect(body.errors.map((error: { line: number }) => error.line)).toEqual([2, 3]);
    });

    test("ten errors are told, all are counted", async () => {
      const { body } = await jsonl.post(`{"msg":"a"}\n${"x\n".repeat(25)}`);
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
      expect(await jsonl.post(body)).toMatchObject({
        status: 400,
        body: { code: "POLYLOG_E_BAD_REQUEST", accepted: 0 },
      });
      expect(jsonl.intake.logs).toEqual([]);
    });

    test("a first line that is cut off spoils no other", async () => {
      expect((await jsonl.post('{"msg":"a\n{"msg":"b"}\n{"msg":"c"}\n')).body).toMatchObject({
        accepted: 2,
        rejected: 1,
      });
      expect(jsonl.bodies()).toEqual(["b", "c"]);
    });

    test("invalid UTF-8 is replaced", async () => {
      await jsonl.post(Buffer.concat([Buffer.from('{"msg":"a'), Buffer.from([0xff]), Buffer.from('b"}')]));
      expect(jsonl.bodies()).toEqual(["a\uFFFDb"]);
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
      expect(await jsonl.post(body, headers as unknown as Record<string, string>)).toMatchObject({ status });
      expect(jsonl.intake.logs).toEqual([]);
    });

    test("too large a body, and a bomb", async () => {
      await jsonl.restart({ limits: { compressed: 10_000, decompressed: 100_000 } });
      expect(await jsonl.post("x".repeat(20_000))).toMatchObject({ status: 413 });
      const bomb = gzipSync(Buffer.alloc(5_000_000, "{}\n"));
      expect(await jsonl.post(bomb, { "content-encoding": "gzip" })).toMatchObject({ status: 413 });
    });

    test("a record that is too large spoils no other", async () => {
      const large = JSON.stringify({ msg: "x".repeat(9 << 20) });
      for (const body of [`${large}\n{"msg":"a"}`, `[${large},{"msg":"a"}]`]) {
        const { body: answer } = await jsonl.post(body);
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
      jsonl.intake.refuseNext(new PolylogError(code, "no", { retryAfterSeconds: 2 }));
      const answer = await jsonl.post('{"msg":"a"}');
      expect(answer).toMatchObject({ status, body: { code } });
      expect(answer.headers["retry-after"]).toBe("2");
      expect(Object.keys(jsonl.counts)).toEqual([expect.stringMatching(/^rejected /)]);
    });

    test("a record: the others are kept, and told from it", async () => {
      jsonl.intake.spoilNext(2);
      const { status, body } = await jsonl.post('{"msg":"a"}\n{"msg":"b"}\nbad\n{"msg":"c"}');
      expect({ status, body }).toEqual({
        status: 200,
        body: {
          accepted: 1,
          rejected: 3,
          errors: [
            { line: 3, message: expect.stringMatching(/^not JSON/) },
            { line: 4, message: "of lines 1 to 4, 2 of 3 records can't be stored" },
          ],
        },
      });
      expect(jsonl.bodies()).toEqual(["c"]);
      expect(jsonl.counts).toEqual({ accepted: 1, "rejected malformed": 3 });
    });

    test("any record", async () => {
      jsonl.intake.spoilNext(1);
      expect(await jsonl.post('{"msg":"a"}')).toMatchObject({
        status: 400,
        body: {
          code: "POLYLOG_E_BAD_REQUEST",
          accepted: 0,
          rejected: 1,
          message: expect.stringContaining("can't be stored"),
        },
      });
      expect(jsonl.counts).toEqual({ "rejected malformed": 1 });
    });

    test("answers only when it is committed", async () => {
      jsonl.intake.hold();
      let isAnswered = false;
      const answer = jsonl.post('{"msg":"a"}').then((outcome) => {
        isAnswered = true;
        return outcome;
      });
      await expect.poll(() => jsonl.intake.waiting).toBe(1);
      expect(isAnswered).toBe(false);
      jsonl.intake.release();
      expect(await answer).toMatchObject({ status: 200 });
    });
  });
});
