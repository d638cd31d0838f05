import { RecordBuilder } from "../../formats/record-builder.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { jsonValues } from "../json-values.ts";
import { textLines } from "../text-lines.ts";
import { TextReader } from "../text-reader.ts";

const QUOTE = 34;
const OPEN_BRACKET = 91;

/** One event: a text of any number of lines, or JSON. */
export function* decodeInput(body: Buffer, tags: readonly string[], now: bigint): DecodedRecords {
  const text = body.toString("utf8").trimEnd();
  if (text === "") return;
  yield builderOf(tags).build(new TextReader(now).read(text), now, now);
}

/** An event a line, JSON or text; or a list of events, as `node-loggly-bulk` sends them. */
export function* decodeBulk(
  body: Buffer,
  { tags, now }: { readonly tags: readonly string[]; readonly now: bigint },
): DecodedRecords {
  const reader = new TextReader(now);
  const builder = builderOf(tags);
  if (body[0] !== OPEN_BRACKET || !isList(body)) {
    for (const line of textLines(body)) yield builder.build(reader.readLine(line), now, now);
    return;
  }
  for (const value of jsonValues(body)) {
    yield value && builder.build(reader.read(textOf(value)), now, now);
  }
}

/** A line may begin with a bracket too. */
function isList(body: Buffer): boolean {
  return /^\[\s*(?:[{"]|\])/.test(body.toString("latin1", 0, 64));
}

function textOf(value: Buffer): string {
  const json = value.toString("utf8");
  if (value[0] !== QUOTE) return json;
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}

function builderOf(tags: readonly string[]): RecordBuilder {
  return new RecordBuilder(tags.length === 0 ? {} : { attributes: ["loggly.tags", JSON.stringify(tags)] });
}
