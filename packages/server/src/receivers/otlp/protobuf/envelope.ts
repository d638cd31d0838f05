import type { Resource, Scope } from "../../../record/record.ts";
import { resourceOf, scopeOf } from "../../../record/resource.ts";
import { AttributeList } from "../attribute-list.ts";
import type { Complaints, Decoded } from "../decoded.ts";
import type { Draft } from "../draft.ts";
import { Budget } from "../limits.ts";
import { readAttribute } from "./any-value.ts";
import { fieldSet, ProtobufReader } from "./reader.ts";

/**
 * The frame of every OTLP request: resources, in them scopes, in them records. Logs, traces and metrics use the
 * same field numbers. Source: opentelemetry/proto/collector/{logs,trace,metrics}/v1/*_service.proto.
 */

/** Tag of the repeated `ResourceLogs` (`ResourceSpans`, `ResourceMetrics`) in the request. */
const RESOURCE_GROUPS = 0x0a;
const REQUEST_FIELDS = fieldSet(1);

/** Tags in `ResourceLogs` and in `ScopeLogs`: of its origin (resource or scope), of its elements, of its schema. */
const ORIGIN = 0x0a;
const ELEMENTS = 0x12;
const SCHEMA_URL = 0x1a;
const GROUP_FIELDS = fieldSet(1, 2, 3);

/** Tags of `Resource`. */
const RESOURCE_ATTRIBUTES = 0x0a;
const RESOURCE_DROPPED = 0x10;
const RESOURCE_FIELDS = fieldSet(1, 2);

/** Tags of `InstrumentationScope`. */
const SCOPE_NAME = 0x0a;
const SCOPE_VERSION = 0x12;
const SCOPE_ATTRIBUTES = 0x1a;
const SCOPE_DROPPED = 0x20;
const SCOPE_FIELDS = fieldSet(1, 2, 3, 4);

/** Reads the record that is the message at hand. */
export type ReadRecord<R> = (reader: ProtobufReader, resource: Resource, scope: Scope) => R;

/**
 * The records of a request. One that can't be read is complained of, and those beside it are kept: its length
 * says where the next begins.
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST` when the frame around the records is damaged, and
 *   `POLYLOG_E_TOO_LARGE` when the budget is spent.
 */
export function readRequest<R>(
  bytes: Buffer,
  budget: Budget,
  complaints: Complaints,
  readRecord: ReadRecord<R>,
): R[] {
  const reader = new ProtobufReader(bytes);
  const records: R[] = [];
  const readScopeGroup = (resource: Resource) => {
    budget.spendItem();
    const scope = readScope(reader, budget);
    readElements(reader, () => {
      budget.spendItem();
      complaints.beginRecord();
      const start = reader.position;
      const end = reader.end;
      try {
        records.push(readRecord(reader, resource, scope));
      } catch (error) {
        complaints.reject(error);
      }
      reader.seek(start, end);
    });
  };
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === RESOURCE_GROUPS) {
      const outer = reader.enter();
      budget.spendItem();
      const resource = readResource(reader, budget);
      readElements(reader, () => readScopeGroup(resource));
      reader.leave(outer);
    } else reader.skip(tag, REQUEST_FIELDS);
  }
  return records;
}

/** Reads the record that is the message at hand into a draft. */
type FillDraft<D> = (reader: ProtobufReader, draft: D, budget: Budget) => void;

/**
 * The records of a request, by way of a draft; {@link readRequest} says what becomes of bad ones.
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST`, `POLYLOG_E_TOO_LARGE`
 */
export function decodeRequest<R, D extends Draft<R>>(
  bytes: Buffer,
  draft: D,
  fill: FillDraft<D>,
): Decoded<R> {
  const budget = new Budget(bytes.length);
  const { complaints } = draft;
  const records = readRequest(bytes, budget, complaints, (reader, resource, scope) => {
    draft.begin();
    fill(reader, draft, budget);
    return draft.finish(resource, scope);
  });
  return complaints.decoded(records);
}

/** Visits each element of the group at hand. */
function readElements(reader: ProtobufReader, visit: () => void): void {
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === ELEMENTS) {
      const outer = reader.enter();
      visit();
      reader.leave(outer);
    } else reader.skip(tag, 0);
  }
}

/**
 * The resource of the group at hand, in a pass of its own: its schema is written after the records that share it,
 * and in any order the resource may be too.
 */
function readResource(reader: ProtobufReader, budget: Budget): Resource {
  const attributes = new AttributeList();
  let dropped = 0;
  const schemaUrl = readOrigin(reader, (tag) => {
    if (tag === RESOURCE_ATTRIBUTES) readAttribute(reader, attributes, budget);
    else if (tag === RESOURCE_DROPPED) dropped = reader.readUnsigned();
    else reader.skip(tag, RESOURCE_FIELDS);
  });
  return resourceOf(attributes.finish(dropped), schemaUrl);
}

/** The scope of the group at hand, like {@link readResource}. */
function readScope(reader: ProtobufReader, budget: Budget): Scope {
  const attributes = new AttributeList();
  let name = "";
  let version = "";
  let dropped = 0;
  const schemaUrl = readOrigin(reader, (tag) => {
    if (tag === SCOPE_NAME) name = reader.readText();
    else if (tag === SCOPE_VERSION) version = reader.readText();
    else if (tag === SCOPE_ATTRIBUTES) readAttribute(reader, attributes, budget);
    else if (tag === SCOPE_DROPPED) dropped = reader.readUnsigned();
    else reader.skip(tag, SCOPE_FIELDS);
  });
  return scopeOf(name, version, attributes.finish(dropped), schemaUrl);
}

/** Visits the fields of the origin of the group at hand, returns the group's schema, and goes back to its start. */
function readOrigin(reader: ProtobufReader, visit: (tag: number) => void): string {
  const start = reader.position;
  const end = reader.end;
  let schemaUrl = "";
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === ORIGIN) {
      const outer = reader.enter();
      while (reader.hasMore()) visit(reader.readTag());
      reader.leave(outer);
    } else if (tag === SCHEMA_URL) schemaUrl = reader.readText();
    else reader.skip(tag, tag === ELEMENTS ? 0 : GROUP_FIELDS);
  }
  reader.seek(start, end);
  return schemaUrl;
}
