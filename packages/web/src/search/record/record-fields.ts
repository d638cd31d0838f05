import type { LogRow } from "@polylog/server/contract";

/** One line of a record's detail. */
export interface RecordField {
  readonly name: string;
  readonly value: string;
  /** The name that the query language knows it by; `undefined` when it cannot be asked for. */
  readonly queryField: string | undefined;
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly RecordField[];
}

/** Attributes that the stack trace's own part of the detail shows. */
const STACK_ATTRIBUTES = ["exception.stacktrace", "error.stack", "stack_trace", "stack"] as const;

/** Everything that a record holds, in the order in which it is read. */
export function fieldGroups(row: LogRow): readonly FieldGroup[] {
  const field = (name: string, value: string, queryField: string | undefined = name): RecordField => ({
    name,
    value,
    queryField,
  });
  const record = [
    field("level", row.level),
    field("severity", `${row.severityText} (${row.severityNumber})`, ""),
    field("service", row.service),
    field("logger", row.logger),
    field("host", row.host),
    field("runtime", row.runtime),
    field("event name", row.eventName, ""),
    field("trace", row.traceId),
    field("span", row.spanId),
    field("time", row.timestamp, ""),
    field("observed", row.observedTimestamp === row.timestamp ? "" : row.observedTimestamp, ""),
    field("receiver", row.receiver, ""),
    field("id", row.id, ""),
  ]
    .filter(({ value }) => value !== "")
    .map((one) => (one.queryField === "" ? { ...one, queryField: undefined } : one));
  return [
    { title: "Attributes", fields: pairs(row.attributes) },
    { title: "Record", fields: record },
    { title: "Resource", fields: pairs(row.resource) },
    { title: "Scope", fields: pairs(row.scope) },
  ].filter((group) => group.fields.length > 0);
}

function pairs(attributes: Readonly<Record<string, string>>): readonly RecordField[] {
  return Object.entries(attributes)
    .filter(([name, value]) => !(STACK_ATTRIBUTES.some((stack) => stack === name) && value.includes("\n")))
    .map(([name, value]) => ({ name, value, queryField: name }));
}

/** The record as JSON for people: what is empty is left out. */
export function recordJson(row: LogRow): string {
  const entries = Object.entries(row).filter(
    ([, value]) => value !== "" && !(typeof value === "object" && Object.keys(value).length === 0),
  );
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

/** The stack trace that a record carries, if it does. */
export function stackOf(row: LogRow): string | undefined {
  for (const name of STACK_ATTRIBUTES) {
    const stack = Object.hasOwn(row.attributes, name) ? row.attributes[name] : undefined;
    if (stack?.includes("\n")) return stack;
  }
  return undefined;
}
