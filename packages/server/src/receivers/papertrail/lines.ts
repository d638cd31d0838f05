import { RecordBuilder } from "../../formats/record-builder.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { textLines } from "../text-lines.ts";
import { TextReader } from "../text-reader.ts";

/** A record for each line. */
export function* decodeLines(body: Buffer, { now }: { readonly now: bigint }): DecodedRecords {
  const reader = new TextReader(now);
  const builder = new RecordBuilder();
  for (const line of textLines(body)) yield builder.build(reader.readLine(line), now, now);
}
