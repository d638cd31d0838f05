import { PolylogError } from "../../errors.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import type { Clock } from "../../formats/time/clock.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { KeyChecker } from "../../http/access.ts";
import { noKey } from "../../http/credentials.ts";
import type { LogRecord } from "../../record/record.ts";
import { severityOfWord } from "../../record/severity.ts";
import { addFields, addFlat, textOf } from "../flatten.ts";
import { parseElement, takeLists } from "../json-lists.ts";
import { numberOf } from "../number-of.ts";
import { timeOf } from "../times.ts";
import { UserFields } from "../user-fields.ts";
import { withQuotedStrings } from "./prefixed-strings.ts";

/** The words of the severities 0 to 6. Source: Scalyr's API, "addEvents". */
const SEVERITIES = ["finest", "finer", "fine", "info", "warning", "error", "fatal"];
/** What an event without a severity has. */
const DEFAULT_SEVERITY = 3;

const LISTS: ReadonlySet<string> = new Set(["events", "threads", "logs"]);
/** The fields of a request and of an event that this decoder reads by their names. */
const OWN_REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "token",
  "sessionInfo",
  "events",
  "threads",
  "logs",
]);
const OWN_EVENT_FIELDS: ReadonlySet<string> = new Set(["ts", "sev", "thread", "log", "attrs"]);

/** What the events of a request have in common. */
interface Session {
  readonly builder: RecordBuilder;
  /** For one event after the other. */
  readonly fields: UserFields;
  readonly clock: Clock;
  readonly now: bigint;
  readonly threads: ReadonlyMap<string, JsonObject>;
  readonly logs: ReadonlyMap<string, JsonObject>;
}

/**
 * Decodes a request of `addEvents`.
 *
 * Throws `POLYLOG_E_UNAUTHORIZED` when the server asks for another token, `POLYLOG_E_BAD_REQUEST` when it is no such
 * request.
 *
 * @param now nanoseconds since 1970, for events without a time
 */
export function* decodeEvents(
  body: Buffer,
  now: bigint,
  isKey: KeyChecker,
): Generator<LogRecord | null | undefined> {
  const { rest, lists } = yield* takeLists(yield* withQuotedStrings(body), LISTS);
  if (!isKey(typeof rest.token === "string" ? rest.token : undefined)) throw noKey();
  const events = lists.get("events");
  if (events === undefined) throw refused("it has no events");
  const session: Session = {
    builder: builderOf(rest),
    fields: new UserFields(),
    clock: { zone: UTC, reference: Number(now / 1_000_000n) },
    now,
    threads: byId(lists.get("threads")),
    logs: byId(lists.get("logs")),
  };
  let kept = 0;
  for (const element of events) {
    const event = parseElement(element);
    if (event !== undefined) kept++;
    yield event === undefined ? null : recordOf(event, session);
  }
  if (kept === 0 && events.length > 0) throw refused("no event is a JSON object");
}

function refused(why: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `The body is no request of addEvents: ${why}.`);
}

/** The session belongs to the resource: it is the same for all events of a process. */
function builderOf(request: JsonObject): RecordBuilder {
  const info = isJsonObject(request.sessionInfo) ? request.sessionInfo : {};
  const { serverHost, ...others } = info;
  const resource: string[] = [];
  addFields(resource, "", others);
  for (const key of Object.keys(request)) {
    if (!OWN_REQUEST_FIELDS.has(key)) addFlat(resource, `scalyr.${key}`, request[key]);
  }
  return new RecordBuilder({ host: textOf(serverHost), resource });
}

function byId(elements: readonly unknown[] | undefined): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  for (const element of elements ?? []) {
    const object = parseElement(element);
    if (object !== undefined) found.set(textOf(object.id), object);
  }
  return found;
}

/** Hot path. */
function recordOf(event: JsonObject, session: Session): LogRecord {
  const { builder, fields, clock, now, threads, logs } = session;
  fields.begin(clock);
  if (event.log !== undefined) {
    const log = logs.get(textOf(event.log));
    if (log === undefined) fields.addAttribute("log.id", event.log);
    else fields.add("", log.attrs);
  }
  const attrs: JsonObject = isJsonObject(event.attrs) ? event.attrs : {};
  for (const name of Object.keys(attrs)) if (name !== "message") fields.add(name, attrs[name]);
  if (event.thread !== undefined) {
    fields.addAttribute("thread.id", event.thread);
    fields.addAttribute("thread.name", threads.get(textOf(event.thread))?.name);
  }
  for (const name of Object.keys(event)) {
    if (!OWN_EVENT_FIELDS.has(name)) fields.addAttribute(`scalyr.${name}`, event[name]);
  }
  const time = timeOf(event.ts);
  if (time === undefined) fields.addAttribute("scalyr.ts", event.ts);
  const severity = numberOf(event.sev ?? DEFAULT_SEVERITY);
  const word = SEVERITIES[severity];
  if (word === undefined) fields.addAttribute("scalyr.sev", event.sev);

  const draft = fields.finish();
  draft.timestamp = time;
  draft.severityText = word ?? "";
  draft.severityNumber = severityOfWord(draft.severityText);
  // Events are often fields and nothing else.
  draft.body = textOf(attrs.message) || draft.body || JSON.stringify(attrs);
  return builder.build(draft, now, now);
}
