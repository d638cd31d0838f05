import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { EnvelopeReader } from "./envelope.ts";

const limitOf = (type: string) => (type === "event" ? 100 : 0);

function read(text: string | Buffer, chunkBytes = Number.POSITIVE_INFINITY) {
  const reader = new EnvelopeReader(limitOf);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    reader.push(bytes.subarray(at, Math.min(bytes.length, at + chunkBytes)));
  }
  reader.end();
  return {
    header: reader.header,
    items: reader.items.map(({ type, payload }) => [type, String(payload)]),
    kept: reader.kept,
  };
}

describe("an envelope", () => {
  test.each<[string, string, [string, string][]]>([
    ["without items", "{}", []],
    ["with a newline behind its header", "{}\n", []],
    [
      "with an item of a given length",
      '{}\n{"type":"event","length":9}\n{"a":"\n"}\n',
      [["event", '{"a":"\n"}']],
    ],
    ["that ends without a newline", '{}\n{"type":"event","length":2}\n{}', [["event", "{}"]]],
    [
      "with an item up to the newline",
      '{}\n{"type":"event"}\n{"a":1}\n{"type":"event"}\n{}',
      [
        ["event", '{"a":1}'],
        ["event", "{}"],
      ],
    ],
    [
      "with an item of length zero",
      '{}\n{"type":"event","length":0}\n\n{"type":"event"}\n{}',
      [
        ["event", ""],
        ["event", "{}"],
      ],
    ],
    ["with an item of length zero at its end", '{}\n{"type":"event","length":0}', [["event", ""]]],
    ["with a header and nothing at its end", '{}\n{"type":"event"}', [["event", ""]]],
    ["with a header, a newline and nothing", '{}\n{"type":"event"}\n', [["event", ""]]],
    [
      "with types that aren't kept",
      '{}\n{"type":"attachment","length":3}\n\n\n\n\n{"type":"new"}\nx\n',
      [
        ["attachment", "not kept"],
        ["new", "not kept"],
      ],
    ],
    [
      "with an item that is too large",
      `{}\n{"type":"event"}\n${"x".repeat(101)}\n`,
      [["event", "too large"]],
    ],
    [
      "with a counted item that is too large",
      `{}\n{"type":"event","length":101}\n${"x".repeat(101)}\n`,
      [["event", "too large"]],
    ],
    ["with newlines between items", '{}\n\n{"type":"event","length":2}\n{}\n\n\n', [["event", "{}"]]],
    ["with a null length", '{}\n{"type":"event","length":null}\n{}', [["event", "{}"]]],
  ])("%s", (_, text, items) => {
    expect(read(text).items).toEqual(items);
    for (const chunkBytes of [1, 2, 7]) expect(read(text, chunkBytes)).toEqual(read(text));
  });

  it("tells its header, and how much of it is held", () => {
    expect(read('{"event_id":"a","dsn":"b"}\n{"type":"event"}\n{}\n{"type":"x"}\nabc')).toMatchObject({
      ...{ header: { event_id: "a", dsn: "b" }, kept: 2 },
    });
  });

  test.each([
    ["", /header is not a JSON object/],
    ["hello", /header is not a JSON object/],
    ["[]", /header is not a JSON object/],
    ["{}\n{}", /names no type/],
    ["{}\noops\n", /header is not a JSON object/],
    ['{}\n{"type":"event","length":5}\n{}', /3 bytes of its event are missing/],
    ['{}\n{"type":"event","length":5}', /5 bytes of its event are missing/],
    ['{}\n{"type":"event","length":1}\n{}\n', /longer than its header says/],
    ['{}\n{"type":"event","length":-1}\n{}\n', /length is no number/],
    ['{}\n{"type":"event","length":1e99}\n{}\n', /missing/],
    [`{"a":"${"x".repeat(1 << 17)}"}`, /header is longer/],
    [`{}${'\n{"type":"x"}\n'.repeat(10_001)}`, /more than 10000 items/],
  ])("%.60j is refused", (text, why) => {
    expect(() => read(text)).toThrow(why);
  });

  it("of a hundred megabytes takes no memory for what isn't kept", () => {
    const reader = new EnvelopeReader(limitOf);
    reader.push(Buffer.from(`{}\n{"type":"attachment","length":${100 << 20}}\n`));
    const chunk = Buffer.alloc(1 << 20);
    for (let i = 0; i < 100; i++) reader.push(chunk);
    reader.end();
    expect([reader.kept, reader.items.length]).toEqual([0, 1]);
  });

  it("is taken apart the same in whatever chunks, or refused", () => {
    const line = fc.oneof(
      fc.constantFrom(
        '{"type":"event"}',
        '{"type":"event","length":3}',
        '{"type":"x","length":0}',
        "{}",
        "abc",
        "",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 9 }), (lines, chunkBytes) => {
        const outcome = (bytes: number) => {
          try {
            return read(["{}", ...lines].join("\n"), bytes);
          } catch (error) {
            expect(error).toMatchObject({ code: "POLYLOG_E_BAD_REQUEST" });
            return String(error);
          }
        };
        expect(outcome(chunkBytes)).toEqual(outcome(1000));
      }),
      { numRuns: 1000 },
    );
  });
});
