import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { PolylogError } from "../../errors.ts";
import { attributesOf, describeJsonl } from "../../testing/jsonl-app.ts";

/** Of 45 thousand records, in three parts, with bad lines between them. */
const RECORDS = 45_000;
const LINES = Array.from({ length: RECORDS }, (_, n) =>
  n % 1000 === 7 ? [`{"n":${n}}`, "bad"] : `{"n":${n}}`,
).flat();
const BAD = RECORDS / 1000;
/** More than a part of JSON lines is. */
const TEXT = LINES.join("\n");

describeJsonl((jsonl) => {
  /** Has one write of the store's refuse, counted from 1. */
  function refuseWrite(number: number): void {
    const { intake } = jsonl;
    const writeLogs = intake.writeLogs.bind(intake);
    let writes = 0;
    intake.writeLogs = async (...words) => {
      if (++writes === number) {
        intake.refuseNext(new PolylogError("POLYLOG_E_STOPPING", "no", { retryAfterSeconds: 3 }));
      }
      return writeLogs(...words);
    };
  }

  describe("a request that fails when a part of it is stored", () => {
    /** Posts what fails, then what is behind the line that the answer names. */
    async function goOn(failing: () => ReturnType<typeof jsonl.post>) {
      const { status, body, headers } = await failing();
      const stored = jsonl.intake.logs.length;
      expect(stored).toBeGreaterThan(0);
      expect(body).toMatchObject({
        accepted: stored,
        rejected: body.line - stored,
        message: expect.stringContaining(`The first ${stored} records, up to line ${body.line}, are stored`),
        remedy: expect.stringContaining(`behind line ${body.line}`),
      });
      expect(jsonl.counts).toMatchObject({ accepted: stored });
      expect(await jsonl.post(LINES.slice(body.line).join("\n"))).toMatchObject({ status: 200 });
      expect(jsonl.intake.logs.map((record) => attributesOf(record).n)).toEqual(
        Array.from({ length: RECORDS }, (_, n) => String(n)),
      );
      expect(jsonl.counts).toMatchObject({ accepted: RECORDS });
      return { status, code: body.code, headers };
    }

    test("as too large", async () => {
      await jsonl.restart({ limits: { compressed: 1 << 20, decompressed: 1 << 20 } });
      const answer = await goOn(() =>
        jsonl.post(gzipSync(TEXT + " ".repeat(1 << 20)), { "content-encoding": "gzip" }),
      );
      expect(answer).toMatchObject({ status: 413, code: "POLYLOG_E_TOO_LARGE" });
    });

    test("as the store goes away", async () => {
      refuseWrite(2);
      const answer = await goOn(() => jsonl.post(TEXT));
      expect(answer).toMatchObject({
        status: 503,
        code: "POLYLOG_E_STOPPING",
        headers: { "retry-after": "3" },
      });
      expect(jsonl.counts["rejected malformed"]).toBe(BAD);
    });
  });

  test("records of one part that can't be stored hurt no other part", async () => {
    jsonl.intake.spoilNext(5);
    const { status, body } = await jsonl.post(TEXT);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { accepted: RECORDS - 5, rejected: BAD + 5 },
    });
    expect(jsonl.intake.logs).toHaveLength(RECORDS - 5);
    expect(jsonl.counts).toEqual({ accepted: RECORDS - 5, "rejected malformed": BAD + 5 });
  });
});
