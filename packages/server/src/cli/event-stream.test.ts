import fc from "fast-check";
import { expect, it } from "vitest";
import { type ServerSentEvent, serverSentEvents } from "./event-stream.ts";

async function read(chunks: readonly string[]): Promise<ServerSentEvent[]> {
  async function* stream() {
    yield* chunks;
  }
  const events: ServerSentEvent[] = [];
  for await (const event of serverSentEvents(stream())) events.push(event);
  return events;
}

const event = (event: string, data: string, id?: string): ServerSentEvent => ({ event, data, id });

it.each<[what: string, text: string, expected: ServerSentEvent[]]>([
  ["an event", "event: rows\nid: 7\ndata: {}\n\n", [event("rows", "{}", "7")]],
  ["no name", "data:x\n\n", [event("message", "x")]],
  ["several lines of data", "data: a\ndata: b\n\n", [event("message", "a\nb")]],
  [
    "an id that stays",
    "id: 1\ndata: a\n\ndata: b\n\n",
    [event("message", "a", "1"), event("message", "b", "1")],
  ],
  ["comments", ": hello\n\n: again\n\ndata: a\n\n", [event("message", "a")]],
  [
    "other line ends",
    "data: a\r\n\r\ndata: b\r\rdata: c\n\n",
    [event("message", "a"), event("message", "b"), event("message", "c")],
  ],
  ["an event that is cut off", "data: a\n\ndata: b\n", [event("message", "a")]],
  ["a field without a value", "data\n\n", [event("message", "")]],
  ["one blank after the colon", "data:  a\n\n", [event("message", " a")]],
])("reads %s", async (_, text, expected) => {
  expect(await read([text])).toEqual(expected);
});

it("reads the same wherever the stream is cut", async () => {
  const text = "id: 1\r\nevent: rows\r\ndata: {\r\ndata: }\r\n\r\n: ping\r\n\r\ndata: x\r\n\r\n";
  const whole = await read([text]);
  const cuts = fc.array(fc.nat(text.length), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const at = [0, ...places.toSorted((a, b) => a - b), text.length];
      expect(await read(at.slice(1).map((end, index) => text.slice(at[index], end)))).toEqual(whole);
    }),
  );
});

it("refuses an event without end", async () => {
  const chunk = `data: ${"x".repeat(1 << 20)}`;
  await expect(read(Array.from({ length: 80 }, () => chunk))).rejects.toThrow(/longer than/);
});
