import { ANSI } from "../format/ansi.ts";
import { messageOf } from "../format/error.ts";
import { createJsonFormat } from "../format/json.ts";
import { createJsonWriter } from "../format/json-writer.ts";
import type { LineFormat } from "../format/line-format.ts";
import { createLogfmtFormat } from "../format/logfmt.ts";
import { createPrettyFormat } from "../format/pretty.ts";
import { createTextFormat } from "../format/text.ts";
import { PLAIN } from "../format/unified.ts";
import type { LogRecord } from "../logger/record.ts";
import type { Problems } from "../problems.ts";
import { createRedactor, type Redactor } from "../redaction/redactor.ts";
import type { Format, Redaction } from "./options.ts";

type NamedFormat = Exclude<Format, (record: LogRecord) => string>;

export interface FormatSettings {
  readonly redactor: Redactor | undefined;
  readonly isCompact: boolean;
}

/** Makes formats; two sinks with the same one share what it keeps. */
export function createFormats({ redactor, isCompact }: FormatSettings) {
  const writer = createJsonWriter(redactor);
  const known = new Map<string, LineFormat>();
  return (name: NamedFormat, isColorful: boolean): LineFormat => {
    const key = `${name} ${isColorful}`;
    let format = known.get(key);
    if (format === undefined) {
      format = make(name, isColorful) as LineFormat;
      known.set(key, format);
    }
    return format;
  };

  function make(name: NamedFormat, isColorful: boolean) {
    const style = isColorful ? ANSI : PLAIN;
    switch (name) {
      case "text":
        return createTextFormat({ writer, isCompact, style });
      case "json":
        return createJsonFormat({ writer, isCompact });
      case "logfmt":
        return createLogfmtFormat({ writer });
      case "pretty":
        return createPrettyFormat({ writer, isCompact, style });
    }
  }
}

/** The redactor that options ask for; a path that can't be read is told, and the rest is masked. */
export function redactorOf(
  redact: readonly string[] | Redaction | undefined,
  problems: Problems,
): Redactor | undefined {
  if (redact === undefined) return undefined;
  const { keys, censor }: Redaction = isList(redact) ? { keys: redact } : redact;
  const good = keys.filter((key) => {
    try {
      createRedactor([key]);
      return true;
    } catch (error) {
      problems.tell("POLYLOG_E_CONFIG", `redact ${key}`, `redact: ${messageOf(error)}; it was left out`);
      return false;
    }
  });
  return good.length === 0 ? undefined : createRedactor(good, censor);
}

function isList(redact: readonly string[] | Redaction): redact is readonly string[] {
  return Array.isArray(redact);
}
