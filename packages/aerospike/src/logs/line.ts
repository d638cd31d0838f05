import type { Level } from "polylog";

/** A line of the client, which is written in C: what it says of itself before its message. */
export interface ClientLine {
  /** Milliseconds since 1970, in whole seconds: it knows no better. */
  readonly second: number;
  readonly level: Level;
  readonly processId: number;
  /** Such as `as_cluster.c`. */
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly message: string;
}

const LEVELS: ReadonlyMap<string, Level> = new Map([
  ["ERROR", "error"],
  ["WARN", "warn"],
  ["INFO", "info"],
  ["DEBUG", "debug"],
  ["TRACE", "trace"],
]);

const HEAD =
  /^([A-Z][a-z]{2} [ \d]\d \d{4} [\d:]{8} GMT): ([A-Z]+) *\((\d+)\) \[([^\]:]*):(\d+)\] \[([^\]]*)\] - /;

/**
 * Reads a line as the client writes it since its version 3; `undefined` for what is none, such as the rest of a message of
 * several lines.
 *
 * @example
 * parseLine("Nov 21 2026 09:13:10 GMT: WARN (83) [as_cluster.c:414] [as_cluster_seed_node] - Failed to connect")?.file; // "as_cluster.c"
 */
export function parseLine(text: string): ClientLine | undefined {
  const match = HEAD.exec(text);
  if (match === null) return undefined;
  const [head, date, name, processId, file, line, where] = match as unknown as string[];
  const level = LEVELS.get(name!);
  const second = Date.parse(date!);
  if (level === undefined || Number.isNaN(second)) return undefined;
  return {
    second,
    level,
    processId: Number(processId),
    file: file!,
    line: Number(line),
    function: where!,
    message: text.slice(head!.length),
  };
}
