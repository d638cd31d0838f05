import { expect, it } from "vitest";
import { PolylogError } from "../errors.ts";
import { logRecord } from "../store/testing/records.ts";
import { type Counts, capturingIntake, receiverContext } from "../testing/capturing-intake.ts";
import { countedSink } from "./counted-sink.ts";

const RECORDS = [logRecord({ body: "a" }), logRecord({ body: "b" })];

it.each<[what: string, refusal: PolylogError | undefined, counts: Counts]>([
  ["what is stored", undefined, { accepted: 2 }],
  [
    "which record can't be, and all others",
    new PolylogError("POLYLOG_E_BAD_REQUEST", "1 can't be stored"),
    { accepted: 1, "rejected malformed": 1 },
  ],
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
