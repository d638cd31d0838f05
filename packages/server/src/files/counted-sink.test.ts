import { expect, it } from "vitest";
import { PolylogError } from "../errors.ts";
import { logRecord } from "../store/testing/records.ts";
import { type Counts, capturingIntake, receiverContext } from "../testing/capturing-intake.ts";
import { countedSink } from "./counted-sink.ts";

const RECORDS = [logRecord({ body: "a" }), logRecord({ body: "b" })];

it.each<[what: string, refusal: PolylogError | undefined, counts: Counts]>([
  ["what is stored", undefined, { accepted: 2 }],
  [
    "nothing of what is to come again",
    new PolylogError("POLYLOG_E_INTAKE_FULL", "full", { retryAfterSeconds: 1 }),
    {},
  ],
])("counts %s", async (_, refusal, expected) => {
  const intake = capturingIntake();
  const counts: Counts = {};
  const sink = countedSink(receiverContext(intake, { counts }), "file");
  if (refusal !== undefined) intake.refuseNext(refusal);
  const done = sink(RECORDS, 10);
  await (refusal === undefined ? done : expect(done).rejects.toBe(refusal));
  expect(counts).toEqual(expected);
});

it("counts which records can't be stored, and all others, and tells of them", async () => {
  const intake = capturingIntake();
  const counts: Counts = {};
  intake.spoilNext(1);
  await expect(countedSink(receiverContext(intake, { counts }), "file")(RECORDS, 10)).rejects.toMatchObject({
    code: "POLYLOG_E_BAD_REQUEST",
    message: "1 of 2 records can't be stored.",
  });
  expect(counts).toEqual({ accepted: 1, "rejected malformed": 1 });
});
