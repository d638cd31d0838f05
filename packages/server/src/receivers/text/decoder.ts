import { LineAssembler } from "../../formats/lines/line-assembler.ts";
import type { RecordDefaults } from "../../formats/record-builder.ts";
import { timeZone } from "../../formats/time/zone.ts";
import type { DecodedRecords } from "../decoded-records.ts";

/** Bytes that are cut into records in one go. */
const SLICE_BYTES = 32 << 10;

/** How lines are to be read. */
interface TextForm {
  /** Nanoseconds since 1970. */
  readonly now: bigint;
  /** For times that name none. */
  readonly zone: string;
  readonly defaults: RecordDefaults;
}

/** The records in lines of a log file. */
export function* decodeText(body: Buffer, { now, zone, defaults }: TextForm): DecodedRecords {
  const assembler = new LineAssembler({ now: () => now, zone: timeZone(zone), isFile: true, defaults });
  for (let start = 0; start < body.length; start += SLICE_BYTES) {
    yield* assembler.push(body.subarray(start, start + SLICE_BYTES));
  }
  yield* assembler.end();
}
