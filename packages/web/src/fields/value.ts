import type { LogRow } from "@polylog/server/contract";

/**
 * What a record holds under a field's name in the query language; `undefined` when it has no such field. An
 * attribute hides a resource attribute of the same name, and that one an attribute of the scope.
 */
export function fieldValue(row: LogRow, field: string): string | undefined {
  switch (field) {
    case "level":
      return row.level;
    case "service":
      return row.service;
    case "logger":
      return row.logger;
    case "message":
      return row.body;
    case "trace":
      return row.traceId;
    case "span":
      return row.spanId;
    case "host":
      return row.host;
    case "runtime":
      return row.runtime;
    default:
      return own(row.attributes, field) ?? own(row.resource, field) ?? own(row.scope, field);
  }
}

/** Only the record's own names: a client may call an attribute `constructor`. */
function own(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}
