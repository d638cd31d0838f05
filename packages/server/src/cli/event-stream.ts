/** One server-sent event. Source: HTML Living Standard, section 9.2.6 "Interpreting an event stream". */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  /** The last id that the stream gave; sent back when the stream is taken up again. */
  readonly id: string | undefined;
}

/** An event that is longer than this is no event of ours. */
const MAX_EVENT_LENGTH = 64 << 20;

/**
 * The events of a stream of text, which may be cut anywhere.
 *
 * @example
 * for await (const { event, data } of serverSentEvents(response.setEncoding("utf8"))) …
 */
export async function* serverSentEvents(chunks: AsyncIterable<string>): AsyncGenerator<ServerSentEvent> {
  let rest = "";
  let event = "";
  let data: string[] = [];
  let length = 0;
  let id: string | undefined;
  for await (const chunk of chunks) {
    // A chunk that ends in a carriage return may be the first half of a line end.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { event: event || "message", data: data.join("\n"), id };
        event = "";
        data = [];
        length = 0;
        continue;
      }
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
      if (field === "event") event = value;
      else if (field === "id" && !value.includes("\0")) id = value;
      else if (field === "data") data.push(value);
      length += line.length;
    }
    if (rest.length + length > MAX_EVENT_LENGTH)
      throw new Error("an event of the stream is longer than 64 MB");
  }
}
