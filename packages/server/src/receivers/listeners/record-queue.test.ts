import { expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import type { LogRecord } from "../../record/record.ts";
import { type Counts, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { createSyslogDecoder } from "../syslog/decoder.ts";
import { createRecordQueue, RECORD_BYTES } from "./record-queue.ts";

const decode = createSyslogDecoder();
const record = (text: string) => decode(`<13>${text}`, { address: "h", now: 1n });

const of = (service: string, text: string): LogRecord => {
  const one = record(text);
  return { ...one, resource: { ...one.resource, serviceName: service } };
};

function setUp(maxBytes?: number) {
  const intake = capturingIntake();
  const counts: Counts = {};
  const errors: string[] = [];
  const queue = createRecordQueue({
    ...{ receiver: "syslog", context: receiverContext(intake, { counts, errors }) },
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const bodies = () => intake.logs.map((log) => log.body);
  return { intake, counts, errors, queue, feed: queue.feed(), bodies };
}

const full = () => new PolylogError("POLYLOG_E_INTAKE_FULL", "Not now", { retryAfterSeconds: 1 });

it("holds up a connection whose source has its share, and lets it go on when that is stored", async () => {
  const { intake, feed, bodies } = setUp(5 * (RECORD_BYTES + 10));
  intake.hold();
  for (const text of ["a", "b", "c"]) feed.add(record(text), 10);
  expect(feed.room()).toBeUndefined();
  feed.add(record("d"), 10);
  const room = feed.room();
  expect(room).toBeInstanceOf(Promise);
  intake.release();
  await room;
  expect(bodies()).toEqual(["a", "b", "c", "d"]);
});

it("takes no datagram of a source that has its share, and takes those of others", async () => {
  const { intake, queue, bodies } = setUp(20 * (RECORD_BYTES + 10));
  intake.hold();
  let taken = 0;
  while (queue.offer(of("flood", "f"), 10)) taken++;
  expect(taken).toBe(16);
  for (let i = 0; i < 3; i++) expect(queue.offer(of("quiet", "q"), 10)).toBe(true);
  intake.release();
  await queue.stop(1_000);
  expect(bodies().sort()).toEqual([...Array(16).fill("f"), ...Array(3).fill("q")]);
});

it("keeps a source that is refused apart from the others, which are stored meanwhile", async () => {
  const { intake, queue, feed } = setUp();
  const refused = { times: 0 };
  const writeLogs = intake.writeLogs;
  intake.writeLogs = async (records, ...rest) => {
    if (
      (records as readonly LogRecord[]).some(({ resource }) => resource.serviceName === "limited") &&
      refused.times++ < 5
    )
      throw full();
    return writeLogs(records, ...rest);
  };
  const sent = { limited: [] as string[], quiet: [] as string[] };
  for (let i = 0; i < 100; i++) {
    feed.add(of("limited", `l${i}`), 10);
    feed.add(of("quiet", `q${i}`), 10);
    sent.limited.push(`l${i}`);
    sent.quiet.push(`q${i}`);
  }
  const bodiesOf = (service: string) =>
    intake.logs.filter(({ resource }) => resource.serviceName === service).map(({ body }) => body);
  await expect.poll(() => bodiesOf("quiet")).toEqual(sent.quiet);
  expect([refused.times > 0, bodiesOf("limited")]).toEqual([true, []]);
  await queue.stop(10_000);
  expect(bodiesOf("limited")).toEqual(sent.limited);
});

it("makes no write for each of a flood of names", async () => {
  const { intake, queue, feed } = setUp();
  intake.hold();
  for (let i = 0; i < 1000; i++) feed.add(of(`made up ${i}`, String(i)), 10);
  await expect.poll(() => intake.waiting).toBe(201);
  intake.release();
  await queue.stop(1_000);
  expect(intake.logs.length).toBe(1000);
});

it("keeps the order when the store refuses for a while", async () => {
  const { intake, queue, feed, bodies, counts } = setUp();
  intake.refuseNext(full(), full());
  for (let i = 0; i < 50; i++) {
    feed.add(record(String(i)), 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await queue.stop(5_000);
  expect(bodies()).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
  expect(counts).toEqual({ accepted: 50 });
});

it("gives up at a stop what the store never takes, and counts it", async () => {
  const { intake, queue, feed, counts, errors } = setUp();
  const away = () => new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "Away", { retryAfterSeconds: 1 });
  intake.refuseNext(...Array.from({ length: 100 }, away));
  feed.add(record("a"), 1);
  feed.add(record("b"), 1);
  await queue.stop(250);
  expect([counts, errors.length]).toEqual([{ "rejected store_unavailable": 2 }, 1]);
});
