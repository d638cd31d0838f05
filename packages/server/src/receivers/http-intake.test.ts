import { gzipSync } from "node:zlib";
import fastify from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PolylogError } from "../errors.ts";
import { newDraft } from "../formats/format.ts";
import { RecordBuilder } from "../formats/record-builder.ts";
import { sendProblem } from "../http/problem.ts";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../testing/capturing-intake.ts";
import type { DecodedRecords } from "./decoded-records.ts";
import { describePartial, registerHttpIntake } from "./http-intake.ts";

const RECORD = new RecordBuilder().build(newDraft(), 1n, 1n);

let intake: CapturingIntake;
let counts: Counts;
let errors: string[];
let app: ReturnType<typeof fastify>;

/** A protocol whose decoder is the test's. */
function start(decode: (body: Buffer) => DecodedRecords): void {
  intake = capturingIntake();
  counts = {};
  errors = [];
  app = fastify();
  registerHttpIntake(app, receiverContext(intake, { counts, errors }), {
    receiver: "test",
    maxBytes: 1000,
    refuse: (_request, reply, error) => sendProblem(reply, error),
    routes: (scope, take) => scope.post("/", async (request) => take(request, decode)),
  });
}
beforeEach(() => start(() => []));
afterEach(() => app.close());

const post = (payload: string | Buffer = "", headers: Record<string, string> = {}) =>
  app.inject({ method: "POST", url: "/", payload, headers });

describe("an intake over HTTP", () => {
  it("commits the records that are decoded, and counts those that aren't", async () => {
    start(() => [RECORD, null, undefined, RECORD]);
    expect((await post()).json()).toEqual({ accepted: 2, rejected: 1 });
    expect(intake.logs).toHaveLength(2);
    expect(counts).toEqual({ accepted: 2, "rejected malformed": 1 });
  });

  it("keeps nothing of a request whose end can't be decoded", async () => {
    start(function* () {
      yield RECORD;
      throw new PolylogError("POLYLOG_E_BAD_REQUEST", "broken off");
    });
    expect((await post()).json()).toMatchObject({ message: "broken off" });
    expect([intake.logs, counts, errors]).toEqual([[], { "rejected malformed": 1 }, []]);
  });

  it("tells of a fault in the log, and not to the sender", async () => {
    start(() => {
      throw new Error("secret detail");
    });
    const answer = await post();
    expect([answer.statusCode, answer.body.includes("secret")]).toEqual([500, false]);
    expect([counts, errors.length]).toEqual([{ "rejected internal": 1 }, 1]);
  });

  it.each<[string, Buffer, Record<string, string>]>([
    ["a body", Buffer.alloc(1001), {}],
    ["a bomb", gzipSync(Buffer.alloc(1 << 20)), { "content-encoding": "gzip" }],
  ])("refuses %s beyond the protocol's limit", async (_name, body, headers) => {
    expect((await post(body, headers)).statusCode).toBe(413);
    expect(counts).toEqual({ "rejected too_large": 1 });
  });

  it("refuses more records than memory may hold", async () => {
    start(function* () {
      for (;;) yield RECORD;
    });
    expect((await post()).json()).toMatchObject({
      message: expect.stringContaining("more than 200000 records"),
    });
    expect(intake.logs).toEqual([]);
  });

  it("decodes two requests at a time, and has the others wait", async () => {
    let decoding = 0;
    let most = 0;
    start(function* () {
      decoding++;
      most = Math.max(most, decoding);
      const end = performance.now() + 10;
      while (performance.now() < end) yield undefined;
      decoding--;
      yield RECORD;
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post()));
    expect(answers.map((answer) => answer.statusCode)).toEqual(new Array(8).fill(200));
    expect(most).toBe(2);
  });

  it("lets others have their turn while it decodes", async () => {
    let turns = 0;
    start(function* () {
      const count = (): void => {
        if (++turns < 5) setImmediate(count);
      };
      setImmediate(count);
      const limit = performance.now() + 20_000;
      while (turns < 5 && performance.now() < limit) yield undefined;
    });
    await post();
    expect(turns).toBe(5);
  });
});

it("what is good in part is told in numbers", () => {
  expect(describePartial({ accepted: 2, rejected: 1 }, "logs")).toBe(
    "1 of 3 logs could not be read; 2 are stored",
  );
});
