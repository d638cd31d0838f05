import type { TailRows } from "../../contract/index.ts";
import type { TailEvent } from "./events.ts";

/** Milliseconds after which a reader whose connection broke comes back. */
const RETRY = 1_000;

/** Source: WHATWG HTML, section 9.2.6, "Interpreting an event stream". JSON text holds no line break. */
export function encodeEvent(event: TailEvent): string {
  switch (event.kind) {
    case "open":
      return `retry: ${RETRY}\n\n`;
    case "rows": {
      const data: TailRows = { rows: event.rows, matched: event.matched };
      return `id: ${event.lastId}\nevent: rows\ndata: ${JSON.stringify(data)}\n\n`;
    }
    case "problem":
      return `event: problem\ndata: ${JSON.stringify(event.problem)}\n\n`;
    case "heartbeat":
      return ":\n\n";
  }
}
