import { expect, it } from "vitest";
import { WriterFullError } from "./byte-writer.ts";
import { type Encoder, encodeSliced } from "./encoder.ts";

/** Takes numbers: it can't encode odd ones, and is full at 7. */
function encoderOf(added: number[]): Encoder<number> {
  return {
    ...{ table: "t", columns: [], rows: 0, bytes: 0 },
    add(record) {
      if (record === 7) throw new WriterFullError();
      if (record % 2 === 1) throw new TypeError("odd");
      added.push(record);
    },
    block: () => [],
    release: () => ({ table: "t", rows: 0, parts: [], numbers: [] }),
    adopt: () => encoderOf([]),
    reset() {},
  };
}

it("what can't be encoded is refused alone, and once an encoder is full, all that is left", async () => {
  const added: number[] = [];
  const refused: unknown[] = [];
  const records = [1, 2, 4, 7, 8, 9];
  await encodeSliced(encoderOf(added), { records, receiver: "test" }, Date.now(), (error, count) => {
    refused.push([(error as Error).name, count]);
  });
  expect(added).toEqual([2, 4]);
  expect(refused).toEqual([
    ["TypeError", 1],
    ["WriterFullError", 3],
  ]);
});
