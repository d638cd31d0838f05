import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { foreignError, type PlainError } from "../bridges/foreign-error.ts";
import { ActiveContext } from "../logger/active-context.ts";
import type { LogContext } from "../logger/context.ts";
import type { Level } from "../logger/level.ts";
import { createJsonFormat } from "./json.ts";
import { createJsonWriter } from "./json-writer.ts";
import type { LineFormat } from "./line-format.ts";
import { createTextFormat } from "./text.ts";

/** Records and their lines, which the Python package (python/polylog/tests) is held to as well: neither may drift. */
interface Vector {
  readonly name: string;
  readonly record: {
    readonly level: Level;
    readonly logger: string;
    readonly time: number;
    readonly message: string;
    readonly appId?: string;
    readonly isCompact?: boolean;
    readonly fields?: object;
    readonly error?: PlainError;
    readonly context?: LogContext;
    readonly trace?: { readonly traceId: string; readonly spanId: string };
  };
  readonly text: string;
  readonly json: string;
}

const VECTORS = JSON.parse(
  readFileSync(new URL("testdata/lines.json", import.meta.url), "utf8"),
) as readonly Vector[];
const writer = createJsonWriter(undefined);

describe.each(VECTORS)("of $name", ({ record, text, json }) => {
  const isCompact = record.isCompact ?? true;

  it("the text line is as told", () => {
    expect(lineOf(createTextFormat({ writer, isCompact }), record)).toBe(`${text}\n`);
  });

  it("the JSON line is as told", () => {
    expect(lineOf(createJsonFormat({ writer, isCompact }), record)).toBe(`${json}\n`);
  });
});

function lineOf(format: LineFormat, record: Vector["record"]): string {
  const { level, logger, appId, time, message, fields, error, context, trace } = record;
  return format.line(
    format.head({ level, logger, system: "python", appId }),
    time,
    message,
    fields === undefined ? "" : format.fields(fields, true),
    error === undefined ? undefined : foreignError(error),
    context === undefined ? undefined : new ActiveContext(context),
    trace === undefined ? undefined : { ...trace, traceFlags: 1 },
  );
}
