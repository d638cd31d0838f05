import { PolylogError } from "../../errors.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import type { LogRecord } from "../../record/record.ts";
import { parseElement, takeLists } from "../json-lists.ts";
import { recordOfEntry } from "./decoder.ts";

const NO_LISTS: ReadonlySet<string> = new Set();

/**
 * The records of a body, `null` for each entry that is none.
 *
 * Throws `POLYLOG_E_BAD_REQUEST` when there is none that is one.
 */
export function* decodeEntries(
  body: Buffer,
  { now }: { readonly now: bigint },
): Generator<LogRecord | null | undefined> {
  const builder = new RecordBuilder();
  const { rest, lists } = yield* takeLists(body, NO_LISTS);
  const entries = lists.get("");
  if (entries === undefined) {
    const record = recordOfEntry(rest, builder, now);
    if (record === null) throw noEntry();
    yield record;
    return;
  }
  let kept = 0;
  for (const element of entries) {
    const entry = parseElement(element);
    const record = entry === undefined ? null : recordOfEntry(entry, builder, now);
    if (record !== null) kept++;
    yield record;
  }
  if (kept === 0 && entries.length > 0) throw noEntry();
}

function noEntry(): PolylogError {
  return new PolylogError(
    "POLYLOG_E_BAD_REQUEST",
    "The body has no details.error, so it is no entry of Raygun.",
  );
}
