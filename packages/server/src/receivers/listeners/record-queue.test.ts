import { expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import { type Counts, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { createSyslogDecoder } from "../syslog/decoder.ts";
import { createRecordQueue } from "./record-queue.ts";

const decode = createSyslogDecoder();
const record = (text: string) => decode(`<13>${text}`, { address: "h", now: 1n });

function setUp(limits: { maxRecords?: number; maxBytes?: number } = {}) {
  const intake = capturingIntake();
  const counts: Counts = {};
  const errors: string[] = [];
  const queue = createRecordQueue({
    ...{ receiver: "syslog", context: receiverContext(intake, { counts, errors }) },
    ...limits,
  });
  const bodies = () => intake.logs.map((log) => log.body);
  return { intake, counts, errors, queue, bodies };
}

it("is full at its number of records or bytes, and has room again when they are stored", async () => {
  for (const limits of [{ maxRecords: 2 }, { maxBytes: 20 }]) {
    const { intake, queue, bodies } = setUp(limits);
    intake.hold();
    queue.add(record("a"), 10);
    expect(queue.isFull).toBe(false);
    queue.add(record("b"), 10);
    expect(queue.isFull).toBe(true);
    const room = queue.room();
    intake.release();
    await room;
    expect([queue.isFull, bodies()]).toEqual([false, ["a", "b"]]);
  }
});

it("keeps the order when the store refuses for a while", async () => {
  const { intake, queue, bodies, counts } = setUp();
  const full = () => new PolylogError("POLYLOG_E_INTAKE_FULL", "Not now", { retryAfterSeconds: 1 });
  intake.refuseNext(full(), full());
  for (let i = 0; i < 50; i++) {
    queue.add(record(String(i)), 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await queue.stop(5_000);
  expect(bodies()).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
  expect(counts).toEqual({ accepted: 50 });
});

it("gives up at a stop what the store never takes, and counts it", async () => {
  const { intake, queue, counts, errors } = setUp();
  const away = () => new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "Away", { retryAfterSeconds: 1 });
  intake.refuseNext(...Array.from({ length: 100 }, away));
  queue.add(record("a"), 1);
  queue.add(record("b"), 1);
  await queue.stop(250);
  expect([counts, errors.length]).toEqual([{ "rejected store_unavailable": 2 }, 1]);
});
