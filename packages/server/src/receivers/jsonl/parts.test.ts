import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { PolylogError } from "../../errors.ts";
import { BodyMemory } from "../../intake/body-memory.ts";
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

  describe("a request of which a part is stored", () => {
    const memory = () => new BodyMemory(16 << 20);

    test("is not refused when others take all the memory meanwhile", async () => {
      const shared = memory();
      await jsonl.restart({}, shared);
      jsonl.intake.hold();
      // The first part is full of records, those behind it of bytes.
      const lines = Array.from({ length: 60_000 }, (_, n) => `{"n":${n},"text":"${"x".repeat(n / 300)}"}`);
      const answer = jsonl.post(arriving(lines.join("\n")));
      await expect.poll(() => jsonl.intake.waiting).toBe(1);
      const other = shared.of("another");
      for (let bytes = 8 << 20; bytes > 0; bytes >>= 1) {
        while (isTaken(() => other.take(bytes)));
      }
      jsonl.intake.release();
      expect(await answer).toMatchObject({ status: 200, body: { accepted: lines.length, rejected: 0 } });
      expect(new Set(jsonl.intake.logs.map((record) => attributesOf(record).n)).size).toBe(lines.length);
    });

    test("says so to the intake, which lets the others in", async () => {
      const options: unknown[] = [];
      const { intake } = jsonl;
      const writeLogs = intake.writeLogs.bind(intake);
      intake.writeLogs = (records, bytes, receiver, option) => {
        options.push(option);
        return writeLogs(records, bytes, receiver, option);
      };
      await jsonl.post(TEXT);
      expect(options).toEqual([{ isUnderWay: false }, { isUnderWay: true }, { isUnderWay: true }]);
    });

    test("is refused before the first, when there is no room for any of the others", async () => {
      const shared = memory();
      await jsonl.restart({}, shared);
      shared.of("another").take(12 << 20);
      const { status, body } = await jsonl.post(arriving(TEXT));
      expect([status, body.code, jsonl.intake.logs.length]).toEqual([429, "POLYLOG_E_INTAKE_FULL", 0]);
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

/** A body as a socket gives it. */
function arriving(text: string): Readable {
  return Readable.from(text.match(/[\s\S]{1,65536}/g) ?? []);
}

function isTaken(take: () => void): boolean {
  try {
    take();
    return true;
  } catch {
    return false;
  }
}
