import type { Parameters } from "./sql/parameters.ts";
import type { Target } from "./target.ts";

/** Where an attribute lies. */
export type Place = "attribute" | "resource" | "scope";

/** How the values of a field are compared. */
export type FieldType =
  | "text"
  /** Words in any case, as in the query without a field. */
  | "message"
  | "level"
  /** A dotted name: itself and what is below it. */
  | "logger"
  /** Hexadecimal, kept in lower case. */
  | "hex"
  /** One of a few words, in any case. */
  | "choice"
  | "instant"
  | "integer"
  | "nanoseconds"
  /** A list of texts, of which one must match. */
  | "list";

/** What a field of the query language is in the store. */
export interface FieldReference {
  readonly kind: "column" | Place;
  /** The canonical name of a column field (`service`), or the attribute's key. */
  readonly key: string;
  readonly type: FieldType;
  /** The column that holds it. Empty for attributes. */
  readonly column: string;
  /** For attributes: where it is looked up, the first that has it counts. Empty for columns. */
  readonly places: readonly Place[];
  /**
   * The value as a ClickHouse expression of type String (level: the level's name), empty where the record
   * has none. The key goes into the parameters.
   */
  sql(parameters: Parameters): string;
}

interface Column {
  readonly column: string;
  readonly type: FieldType;
  readonly aliases: readonly string[];
  /** The expression of its text when it is not the column itself. */
  readonly text?: string;
}

/** The level's name of a severity number, in SQL; see `levelOfSeverity`. */
function levelName(severity: string): string {
  return `arrayElement(['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'], if(${severity} BETWEEN 1 AND 24, intDiv(${severity} - 1, 4) + 2, 1))`;
}

/** A span that failed counts as an error, another as info: so `level:>=warn` finds the failed ones. */
const SPAN_SEVERITY = "if(StatusCode = 'Error', 17, 9)";

const SHARED = {
  service: { column: "ServiceName", type: "text", aliases: ["service.name"] },
  logger: { column: "ScopeName", type: "logger", aliases: ["logger.name", "scope", "scope.name"] },
  trace: { column: "TraceId", type: "hex", aliases: ["trace_id", "trace.id", "traceId", "traceid"] },
  span: { column: "SpanId", type: "hex", aliases: ["span_id", "span.id", "spanId", "spanid"] },
  host: { column: "Host", type: "text", aliases: ["host.name"] },
  runtime: { column: "Runtime", type: "text", aliases: [] },
  receiver: { column: "Receiver", type: "text", aliases: [] },
  timestamp: { column: "Timestamp", type: "instant", aliases: ["@timestamp"] },
  id: { column: "Id", type: "integer", aliases: [] },
} as const satisfies Record<string, Column>;

const COLUMNS: Readonly<Record<Target, Readonly<Record<string, Column>>>> = {
  logs: {
    level: {
      column: "SeverityNumber",
      type: "level",
      aliases: ["severity"],
      text: levelName("SeverityNumber"),
    },
    ...SHARED,
    message: { column: "Body", type: "message", aliases: ["msg", "body"] },
    event: { column: "EventName", type: "text", aliases: ["event.name"] },
    severity_text: { column: "SeverityText", type: "text", aliases: ["severityText"] },
  },
  traces: {
    level: { column: SPAN_SEVERITY, type: "level", aliases: ["severity"], text: levelName(SPAN_SEVERITY) },
    ...SHARED,
    message: { column: "SpanName", type: "message", aliases: ["msg", "body"] },
    name: { column: "SpanName", type: "text", aliases: ["operation", "span.name"] },
    parent: { column: "ParentSpanId", type: "hex", aliases: ["parent_id", "parent.id", "parent_span_id"] },
    duration: { column: "Duration", type: "nanoseconds", aliases: [] },
    status: { column: "StatusCode", type: "choice", aliases: ["status.code"] },
    status_message: { column: "StatusMessage", type: "text", aliases: ["status.message"] },
    kind: { column: "SpanKind", type: "choice", aliases: ["span.kind"] },
    root: { column: "if(ParentSpanId = '', 'true', 'false')", type: "choice", aliases: [] },
    event: { column: "Events.Name", type: "list", aliases: ["event.name"] },
  },
};

function namesOf(target: Target): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, { aliases }] of Object.entries(COLUMNS[target])) {
    names.set(name, name);
    for (const alias of aliases) names.set(alias, name);
  }
  return names;
}
const NAMES = { logs: namesOf("logs"), traces: namesOf("traces") } as const;

/** The map column of each place. */
function mapColumn(place: Place, target: Target): string {
  if (place === "resource") return "ResourceAttributes";
  if (place === "scope") return "ScopeAttributes";
  return target === "logs" ? "LogAttributes" : "SpanAttributes";
}

/** Prefixes that say where an attribute is looked up. */
const PREFIXES: readonly (readonly [prefix: string, place: Place])[] = [
  ["attributes.", "attribute"],
  ["resource.", "resource"],
  ["scope.", "scope"],
];

/** The names of the fields that every record has, for completion: first the ones people ask for. */
export function columnFields(target: Target = "logs"): readonly string[] {
  return Object.keys(COLUMNS[target]);
}

/**
 * What a field's name means: a column, or an attribute by its dotted name.
 *
 * @example
 * fieldReference("service.name").key; // "service"
 * fieldReference("http.route").places; // ["attribute", "resource", "scope"]
 */
export function fieldReference(name: string, target: Target = "logs"): FieldReference {
  const canonical = NAMES[target].get(name);
  const column = canonical === undefined ? undefined : COLUMNS[target][canonical];
  if (canonical !== undefined && column !== undefined) {
    return {
      kind: "column",
      key: canonical,
      type: column.type,
      column: column.column,
      places: [],
      sql: () => textOf(column),
    };
  }
  const [prefix, place] =
    PREFIXES.find(([start]) => name.startsWith(start) && name.length > start.length) ?? [];
  const key = prefix === undefined ? name : name.slice(prefix.length);
  const places: readonly Place[] = place === undefined ? ["attribute", "resource", "scope"] : [place];
  return {
    kind: places[0] as Place,
    key,
    type: "text",
    column: "",
    places,
    sql: (parameters) => attributeValue(places, parameters.add(key, "String"), target),
  };
}

/**
 * The name that means an attribute and nothing else: its key, or with the place before it where the key alone
 * would mean a column or another place.
 *
 * @example
 * attributeName("http.route"); // "http.route"
 * attributeName("level"); // "attributes.level"
 * attributeName("host.name", "resource"); // "resource.host.name"
 */
export function attributeName(key: string, place: Place = "attribute", target: Target = "logs"): string {
  const { kind, places } = fieldReference(key, target);
  if (place === "attribute") return kind !== "column" && places.length > 1 ? key : `attributes.${key}`;
  const name = `${place}.${key}`;
  // `scope.name` is the logger: an attribute of the scope that is called so is found by its key alone.
  return fieldReference(name, target).kind === place ? name : key;
}

function textOf(column: Column): string {
  if (column.text !== undefined) return column.text;
  switch (column.type) {
    case "integer":
    case "nanoseconds":
    case "instant":
      return `toString(${column.column})`;
    case "list":
      return `arrayElement(${column.column}, 1)`;
    default:
      return column.column;
  }
}

/** The value of an attribute in the first of the places that has it; empty when none has. */
export function attributeValue(places: readonly Place[], key: string, target: Target): string {
  const values = places.map((place) => `${mapColumn(place, target)}[${key}]`);
  const last = values.at(-1) as string;
  if (values.length === 1) return last;
  return `multiIf(${values
    .slice(0, -1)
    .map((value) => `${value} != '', ${value}, `)
    .join("")}${last})`;
}
