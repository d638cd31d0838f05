import { PolylogError } from "../../../errors.ts";
import type { Resource, Scope } from "../../../record/record.ts";
import { resourceOf, scopeOf } from "../../../record/resource.ts";
import { AttributeList } from "../attribute-list.ts";
import type { Complaints, Decoded } from "../decoded.ts";
import type { Draft } from "../draft.ts";
import { Budget } from "../limits.ts";
import { addAttributes } from "./any-value.ts";
import { assertModestJson } from "./modest.ts";
import { type JsonObject, listOf, objectOf, textOf, unsignedOf } from "./values.ts";

/** What the lists of one signal are called, each in lowerCamelCase and as in the .proto files. */
export interface EnvelopeNames {
  readonly resources: readonly [string, string];
  readonly scopes: readonly [string, string];
  readonly records: readonly [string, string];
}

type ConvertRecord<R> = (record: JsonObject, resource: Resource, scope: Scope) => R;

/** The records of a request in OTLP/JSON, like `readRequest` in `protobuf/envelope.ts`. */
export function convertRequest<R>(
  bytes: Buffer,
  names: EnvelopeNames,
  budget: Budget,
  complaints: Complaints,
  convertRecord: ConvertRecord<R>,
): R[] {
  const records: R[] = [];
  for (const resourceGroup of named(parseRequest(bytes, names), names.resources)) {
    budget.spendItem();
    const resource = convertResource(resourceGroup, budget);
    for (const scopeGroup of named(resourceGroup, names.scopes)) {
      budget.spendItem();
      const scope = convertScope(scopeGroup, budget);
      for (const record of namedValues(scopeGroup, names.records)) {
        budget.spendItem();
        complaints.beginRecord();
        try {
          records.push(convertRecord(objectOf(record, names.records[0]), resource, scope));
        } catch (error) {
          complaints.reject(error);
        }
      }
    }
  }
  return records;
}

/** Reads a record into a draft. */
type FillDraft<D> = (record: JsonObject, draft: D, budget: Budget) => void;

/** The records of a request, by way of a draft, like `decodeRequest` in `protobuf/envelope.ts`. */
export function decodeRequest<R, D extends Draft<R>>(
  bytes: Buffer,
  names: EnvelopeNames,
  draft: D,
  fill: FillDraft<D>,
): Decoded<R> {
  const budget = new Budget(bytes.length);
  const { complaints } = draft;
  const records = convertRequest(bytes, names, budget, complaints, (record, resource, scope) => {
    draft.begin();
    fill(record, draft, budget);
    return draft.finish(resource, scope);
  });
  return complaints.decoded(records);
}

function parseRequest(bytes: Buffer, names: EnvelopeNames): JsonObject {
  assertModestJson(bytes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new PolylogError("POLYLOG_E_BAD_REQUEST", `The body is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const request = objectOf(parsed ?? [], "the body");
  const [name, protoName] = names.resources;
  if (!(name in request) && !(protoName in request) && Object.keys(request).length > 0) {
    throw new PolylogError("POLYLOG_E_BAD_REQUEST", `The body has no ${name}, so it is not OTLP/JSON`, {
      remedy: "Send JSON lines of any other form to /v1/jsonl.",
    });
  }
  return request;
}

function namedValues(object: JsonObject, [name, protoName]: readonly [string, string]): readonly unknown[] {
  return listOf(object[name] ?? object[protoName], name);
}

function named(object: JsonObject, names: readonly [string, string]): JsonObject[] {
  return namedValues(object, names).map((value) => objectOf(value, names[0]));
}

function convertResource(group: JsonObject, budget: Budget): Resource {
  const resource = objectOf(group.resource, "resource");
  return resourceOf(convertAttributes(resource, budget), schemaOf(group));
}

function convertScope(group: JsonObject, budget: Budget): Scope {
  const scope = objectOf(group.scope, "scope");
  return scopeOf(
    textOf(scope.name, "scope.name"),
    textOf(scope.version, "scope.version"),
    convertAttributes(scope, budget),
    schemaOf(group),
  );
}

function schemaOf(group: JsonObject): string {
  return textOf(group.schemaUrl ?? group.schema_url, "schemaUrl");
}

function convertAttributes(owner: JsonObject, budget: Budget) {
  const attributes = new AttributeList();
  addAttributes(owner.attributes, attributes, budget);
  return attributes.finish(droppedAttributesOf(owner));
}

/** How many attributes the sender says it dropped. */
export function droppedAttributesOf(owner: JsonObject): number {
  const dropped = owner.droppedAttributesCount ?? owner.dropped_attributes_count;
  return unsignedOf(dropped, "droppedAttributesCount");
}
