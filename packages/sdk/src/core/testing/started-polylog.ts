import { bareHost } from "../../host/bare.ts";
import { memorySink } from "../../sinks/memory.ts";
import type { LineSink } from "../../sinks/sink.ts";
import { createPolylog } from "../create-polylog.ts";
import type { Host } from "../host.ts";

/** A Polylog with nothing of this process in it: its lines, and what it tells of, are kept. */
export function start(host: Partial<Host> = {}) {
  const told: string[] = [];
  const lines: string[] = [];
  const memory = memorySink();
  const sink: LineSink = { writeLine: (line) => lines.push(line.trimEnd()) };
  const polylog = createPolylog(
    bareHost({ now: () => 0, tell: (line) => told.push(line.trimEnd()), streamSink: () => sink, ...host }),
  );
  return { polylog, told, lines, memory, sink };
}

/** The same, with a memory sink and nothing else. */
export function remember(host: Partial<Host> = {}) {
  const started = start(host);
  started.polylog.configure({ sinks: { memory: started.memory } });
  return started;
}
