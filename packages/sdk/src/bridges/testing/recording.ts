import { createPolylog } from "../../core/create-polylog.ts";
import { bareHost } from "../../host/bare.ts";
import type { LogRecord } from "../../logger/record.ts";
import type { Polylog } from "../../polylog.ts";

/** For the tests of bridges: a Polylog of its own that lets all through, and what it logged. */
export interface Recording {
  readonly polylog: Polylog;
  readonly records: readonly LogRecord[];
  /** Has something done by a second sink at each record. */
  atEachRecord(work: (record: LogRecord) => void): void;
}

export function recording(): Recording {
  const polylog = createPolylog(bareHost());
  const records: LogRecord[] = [];
  let atEach: (record: LogRecord) => void = () => {};
  polylog.configure({
    level: "trace",
    sinks: { records: (record) => records.push(record), work: (record) => atEach(record) },
  });
  return {
    polylog,
    records,
    atEachRecord(work) {
      atEach = work;
    },
  };
}
