import { expect, it } from "vitest";
import { ALL_STORED, type Intake } from "../record/intake.ts";
import type { LogRecord } from "../record/record.ts";
import { createSelfLog, SELF_RECEIVER } from "./log.ts";

function capture(isFailing: () => boolean = () => false) {
  const records: LogRecord[] = [];
  const receivers = new Set<string>();
  const intake: Intake = {
    async writeLogs(batch, _bytes, receiver) {
      if (isFailing()) throw new Error("store away");
      receivers.add(receiver);
      records.push(...(batch as readonly LogRecord[]));
      return ALL_STORED;
    },
    writeSpans: async () => ALL_STORED,
  };
  return { intake, records, receivers };
}

it("writes records with the scope of their part, from the level up", async () => {
  const lines: string[] = [];
  const self = createSelfLog({ version: "1.2.3", level: "info", write: (line) => lines.push(line) });
  const { intake, records, receivers } = capture();
  self.connect(intake);
  self.logger("engine").debug("too low");
  self.logger("engine").info("the engine is ready", { port: 8123 });
  self.logger("batcher").warn("an insert failed", { error: new Error("refused") });
  await self.stop();
  expect(
    records.map((record) => [record.scope.name, record.severityText, record.body, record.attributes]),
  ).toEqual([
    ["polylog.engine", "INFO", "the engine is ready", ["port", "8123"]],
    ["polylog.batcher", "WARN", "an insert failed", ["error", "refused"]],
  ]);
  expect([...receivers]).toEqual([SELF_RECEIVER]);
  expect(records[0]?.resource).toMatchObject({ serviceName: "polylog", runtime: "node" });
  expect(lines).toEqual(["warn polylog.batcher: an insert failed error=refused"]);
});

it("keeps records while the store is away, drops the oldest beyond its bound and counts them", async () => {
  const self = createSelfLog({ version: "1", level: "debug", write: () => {} });
  let isAway = true;
  const { intake, records } = capture(() => isAway);
  self.connect(intake);
  const log = self.logger("test");
  for (let i = 0; i < 1500; i++) log.info(`event ${i}`);
  expect(self.dropped()).toBe(500);
  isAway = false;
  await self.stop();
  expect(records).toHaveLength(1000);
  expect(records[0]?.body).toBe("event 500");
});

it("stops soon when the store takes nothing", async () => {
  const self = createSelfLog({ version: "1", level: "debug", write: () => {} });
  self.connect({ writeLogs: () => new Promise(() => {}), writeSpans: async () => ALL_STORED });
  self.logger("test").info("never written");
  await self.stop();
});
