import { PolylogError } from "../../errors.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import { setSeverityWord } from "../../formats/severity-text.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { KeyChecker } from "../../http/access.ts";
import { noKey } from "../../http/credentials.ts";
import type { LogRecord } from "../../record/record.ts";
import { textOf } from "../flatten.ts";
import { parseElement, takeLists } from "../json-lists.ts";
import { timeOf } from "../times.ts";
import { UserFields } from "../user-fields.ts";

/** The fields of an entry that this decoder reads by their names. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...["level", "message", "environment", "timestamp", "metadata", "stackTrace", "traceId"],
]);

const LISTS: ReadonlySet<string> = new Set(["logs"]);

/**
 * Decodes a request of an Auralogs SDK: `{"projectApiKey", "logs": […]}` or `{"projectApiKey", "log": {…}}`.
 *
 * Throws `POLYLOG_E_UNAUTHORIZED` when the server asks for another key, `POLYLOG_E_BAD_REQUEST` when it is no such
 * request.
 *
 * @param now nanoseconds since 1970, for entries without a time
 */
export function* decodeAuralogs(
  body: Buffer,
  now: bigint,
  isKey: KeyChecker,
): Generator<LogRecord | null | undefined> {
  const { rest, lists } = yield* takeLists(body, LISTS);
  const { projectApiKey, log } = rest;
  if (!isKey(typeof projectApiKey === "string" ? projectApiKey : undefined)) throw noKey();
  const entries = lists.get("logs");
  if (entries === undefined && !isJsonObject(log)) throw refused("it has neither logs nor a log");

  const read = entryReader(now);
  let kept = 0;
  for (const element of entries ?? []) {
    const record = read(parseElement(element));
    if (record !== null) kept++;
    yield record;
  }
  if (isJsonObject(log)) {
    const record = read(log);
    if (record !== null) kept++;
    yield record;
  }
  if (kept === 0 && (entries === undefined || entries.length > 0)) throw refused("no entry has a message");
}

function refused(why: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `The body is no request of Auralogs: ${why}.`, {
    remedy: 'Send {"projectApiKey":"…","logs":[{"level":"info","message":"…"}]}.',
  });
}

/** Reads entries; `null` for one that can't be kept. The records share their resources. */
function entryReader(now: bigint): (entry: JsonObject | undefined) => LogRecord | null {
  const builder = new RecordBuilder();
  const clock = { zone: UTC, reference: Number(now / 1_000_000n) };
  const fields = new UserFields();
  return (entry) => {
    if (entry === undefined || entry.message === undefined || entry.message === null) return null;
    fields.begin(clock);
    fields.add("", entry.metadata);
    for (const key of Object.keys(entry)) if (!OWN_FIELDS.has(key)) fields.addAttribute(key, entry[key]);
    if (entry.traceId !== undefined) fields.add("trace_id", textOf(entry.traceId));
    if (textOf(entry.stackTrace) !== "") fields.addStack(textOf(entry.stackTrace));
    const time = timeOf(entry.timestamp);
    if (time === undefined) fields.addAttribute("timestamp", entry.timestamp);

    const draft = fields.finish();
    draft.timestamp = time;
    draft.body = textOf(entry.message);
    const level = textOf(entry.level);
    if (!setSeverityWord(draft, level)) draft.severityText = level;
    if (textOf(entry.environment) !== "") {
      draft.resource.push("deployment.environment.name", textOf(entry.environment));
    }
    return builder.build(draft, now, now);
  };
}
