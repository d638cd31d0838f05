import { expect, it } from "vitest";
import { createCapturedContexts } from "./captured-contexts.ts";

const captured = (invocationId: string) => ({ context: { invocationId }, trace: undefined }) as never;

it("a context of another reader is unknown, not one of this one's", () => {
  const main = createCapturedContexts(0);
  const thread = createCapturedContexts(1);
  const own = main.add(captured("main"));
  const foreign = thread.add(captured("thread"));
  expect(main.get(foreign)).toBeUndefined();
  main.delete(foreign);
  expect(main.get(own)).toMatchObject({ context: { invocationId: "main" } });
});

it("numbers fit into 32 bits, and none is given twice while it is held", () => {
  const contexts = createCapturedContexts(2 ** 15 - 1);
  const kept = contexts.add(captured("kept"));
  for (let i = 0; i < 2 ** 17 + 10; i++) {
    const number = contexts.add(captured("passing"));
    if (number === kept || number === 0 || number > 0xffff_ffff) expect.fail(`it gave ${number}`);
    contexts.delete(number);
  }
  expect(contexts.get(kept)).toMatchObject({ context: { invocationId: "kept" } });
});

it("nothing active has no number, nor has what is too much", () => {
  const contexts = createCapturedContexts(0);
  expect(contexts.add({ context: undefined, trace: undefined })).toBe(0);
  for (let i = 0; i < 100_000; i++) contexts.add(captured("held"));
  expect(contexts.add(captured("too much"))).toBe(0);
});
