import { expect, it } from "vitest";
import { JsonlDecoder } from "./decoder.ts";

const MARK = "\u{feff}";

function decode(chunks: readonly Uint8Array[]) {
  const decoder = new JsonlDecoder({}, 1n);
  for (const chunk of chunks) decoder.push(Buffer.from(chunk));
  decoder.end();
  return { bodies: decoder.take().map(({ body }) => body), errors: decoder.errors };
}

it.each([
  ["lines behind a byte order mark", `${MARK}{"message":"a"}\n{"message":"b"}\n`],
  ["an array behind one", `${MARK} [{"message":"a"},{"message":"b"}]`],
  ["lines behind blank ones", `\n \r\n\n{"message":"a"}\nnot JSON\n{"message":"b"}`],
  ["an array behind blank lines", `\n\n[{"message":"a"},1,{"message":"b"}]`],
])("%s are read alike wherever the network cuts them", (_what, text) => {
  const bytes = Buffer.from(text);
  const whole = decode([bytes]);
  expect(whole.bodies).toEqual(["a", "b"]);
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(decode([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
  }
  expect(decode([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
});

it("holds little of blanks that never end", () => {
  const blanks = Array.from({ length: 20_000 }, () => Buffer.from(" \n"));
  expect(decode([...blanks, Buffer.from('{"message":"a"}')])).toEqual({ bodies: ["a"], errors: [] });
});
