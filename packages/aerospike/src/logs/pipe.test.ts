import { writeSync } from "node:fs";
import { expect, test } from "vitest";
import { openPipe } from "./pipe.ts";

test.skipIf(process.platform === "win32")("is drained again after what takes the text has failed", () => {
  const taken: string[] = [];
  const { descriptor, drain } = openPipe(
    (text) => {
      taken.push(text);
      if (text === "first") throw new Error("failed");
    },
    () => {},
  );
  writeSync(descriptor, "first");
  expect(drain).toThrow("failed");
  writeSync(descriptor, "second");
  drain();
  expect(taken).toEqual(["first", "second"]);
});
