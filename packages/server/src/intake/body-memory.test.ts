import { expect, it } from "vitest";
import { BodyMemory, createPartsRoom } from "./body-memory.ts";

function takenBy(memory: BodyMemory, sender: string): number {
  const room = memory.of(sender);
  let taken = 0;
  try {
    for (;;) {
      room.take(1);
      taken++;
    }
  } catch (error) {
    expect(error).toMatchObject({ code: "POLYLOG_E_INTAKE_FULL", retryAfterSeconds: 1 });
    return taken;
  }
}

it("keeps room for another sender when one takes all that it can get", () => {
  const memory = new BodyMemory(1000);
  expect(takenBy(memory, "10.0.0.1")).toBeGreaterThan(790);
  expect(takenBy(memory, "10.0.0.2")).toBeGreaterThan(100);
});

it("is the same room for a sender each time", () => {
  const memory = new BodyMemory(1000);
  memory.of("10.0.0.1").take(790);
  expect(() => memory.of("10.0.0.1").take(100)).toThrow("Too many large requests at once");
  memory.of("10.0.0.1").give(790);
  expect(() => memory.of("10.0.0.1").take(100)).not.toThrow();
});

it("has room for each part of a request once the first is to be stored, and none before that is sure", () => {
  const memory = new BodyMemory(1000);
  const parts = createPartsRoom(memory.of("10.0.0.1"), 200);
  parts.hold(150);
  parts.reserve();
  takenBy(memory, "10.0.0.2");
  for (let part = 0; part < 5; part++) {
    parts.settle(150);
    expect(() => parts.hold(150)).not.toThrow();
  }
  const late = createPartsRoom(memory.of("10.0.0.1"), 200);
  expect(() => late.reserve()).toThrow("Too many large requests at once");
  late.release();
  parts.release();
  expect(takenBy(memory, "10.0.0.1")).toBeGreaterThan(150);
});
