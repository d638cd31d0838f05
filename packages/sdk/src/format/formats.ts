import type { Redactor } from "../redaction/redactor.ts";
import { ANSI } from "./ansi.ts";
import type { FormatName } from "./format.ts";
import { createJsonFormat } from "./json.ts";
import { createJsonWriter } from "./json-writer.ts";
import type { LineFormat } from "./line-format.ts";
import { createLogfmtFormat } from "./logfmt.ts";
import { createPrettyFormat } from "./pretty.ts";
import { createTextFormat } from "./text.ts";
import { PLAIN } from "./unified.ts";

export interface FormatSettings {
  readonly redactor: Redactor | undefined;
  readonly isCompact: boolean;
}

/** Makes formats; two sinks with the same one share what it keeps. */
export function createFormats({ redactor, isCompact }: FormatSettings) {
  const writer = createJsonWriter(redactor);
  const known = new Map<string, LineFormat>();
  return (name: FormatName, isColorful: boolean): LineFormat => {
    const key = `${name} ${isColorful}`;
    let format = known.get(key);
    if (format === undefined) {
      format = make(name, isColorful) as LineFormat;
      known.set(key, format);
    }
    return format;
  };

  function make(name: FormatName, isColorful: boolean) {
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
