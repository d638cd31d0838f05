import type { Problem, TailRows } from "../../contract/index.ts";

interface ReceivedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: TailRows & Problem;
}

/** A reader of server-sent events over real HTTP. */
export interface EventReader {
  readonly events: ReceivedEvent[];
  /** Comments, which keep the connection alive. */
  readonly comments: string[];
  /** Bodies of all rows that came, in order. */
  bodies(): string[];
  /** How many matched, all events together. */
  matched(): number;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

export async function readEvents(url: string, lastEventId?: string): Promise<EventReader> {
  const controller = new AbortController();
  const response = await fetch(url, {
    signal: controller.signal,
    headers: lastEventId === undefined ? {} : { "last-event-id": lastEventId },
  });
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
  const events: ReceivedEvent[] = [];
  const comments: string[] = [];

  async function read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of stream) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const fields = new Map(
          block
            .split("\n")
            .map((field) => [
              field.slice(0, field.indexOf(":")),
              field.slice(field.indexOf(":") + 1).trimStart(),
            ]),
        );
        if (fields.has("")) comments.push(fields.get("") ?? "");
        const data = fields.get("data");
        if (data !== undefined) {
          events.push({
            id: fields.get("id") ?? "",
            event: fields.get("event") ?? "",
            data: JSON.parse(data),
          });
        }
      }
    }
  }
  const rows = () => events.filter(({ event }) => event === "rows");
  return {
    events,
    comments,
    bodies: () => rows().flatMap(({ data }) => data.rows.map(({ body }) => body)),
    matched: () => rows().reduce((sum, { data }) => sum + data.matched, 0),
    ended: read(response.body as ReadableStream<Uint8Array>).catch((error: unknown) => {
      if (!controller.signal.aborted) throw error;
    }),
    close: () => controller.abort(),
  };
}
