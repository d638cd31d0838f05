import type { LogRecord } from "../logger/record.ts";
import { differences, type ExpectedRecord } from "./expected-record.ts";
import { show } from "./mismatch.ts";

/** Where records are: captured logs, a memory sink, or just a list of them. */
export type Logs = readonly LogRecord[] | { readonly records: readonly LogRecord[] };

/** A record by what it is expected to be, or by its message alone. */
export type Expectation = ExpectedRecord | string | RegExp;

export interface Found {
  readonly isFound: boolean;
  /** Why not, for people, with the records that come nearest. */
  readonly missing: string;
  /** Why that is wrong if there must be none, for people. */
  readonly unwanted: string;
}

/** Records that are shown of those that aren't as expected. */
const NEAREST = 3;

export function findLogged(logs: Logs, expectation: Expectation, times?: number): Found {
  const records = "records" in logs ? logs.records : logs;
  const expected =
    typeof expectation === "string" || expectation instanceof RegExp ? { message: expectation } : expectation;
  const compared = records.map((record) => ({ record, differences: differences(expected, record) }));
  const found = compared.filter((each) => each.differences.length === 0);
  const wanted = `a record with ${describe(expected)}`;
  const isFound = times === undefined ? found.length > 0 : found.length === times;
  const among = records.length === 1 ? "the one record" : `${records.length} records`;
  const nearest = compared
    .filter((each) => each.differences.length > 0)
    .sort((a, b) => a.differences.length - b.differences.length)
    .slice(0, NEAREST)
    .map((each) => [`  ${line(each.record)}`, ...each.differences.map((text) => `    ${text}`)].join("\n"));
  const shown = found.map(({ record }) => `  ${line(record)}`).join("\n");

  return {
    isFound,
    missing:
      records.length === 0
        ? `expected ${wanted}, but nothing was logged`
        : times !== undefined && found.length > 0
          ? `expected ${wanted} ${times} times, but it was logged ${found.length} times:\n${shown}`
          : `expected ${wanted}, but of ${among} none is. The nearest:\n${nearest.join("\n")}`,
    unwanted: `expected no ${wanted.slice(2)}, but there is:\n${shown}`,
  };
}

function describe(expected: ExpectedRecord): string {
  const parts = Object.entries(expected)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${key === "error" && value === true ? "of any kind" : show(value)}`);
  return parts.length === 0 ? "anything" : parts.join(", ");
}

/** A record on one line, the way people read logs. */
function line({ level, logger, message, metadata, error }: LogRecord): string {
  const fields = metadata === undefined ? "" : ` ${show(metadata)}`;
  return `${level} ${logger} ${show(message)}${fields}${error === undefined ? "" : ` (${show(error)})`}`;
}
