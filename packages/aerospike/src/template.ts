import { type Attributes, SpanKind } from "@opentelemetry/api";
import type { Client } from "./client.ts";
import { serverAddressOf } from "./server-address.ts";

/** All that spans and measurements of one operation on one set have in common. Made once: operations come by the million. */
export interface Template {
  readonly name: string;
  readonly kind: SpanKind;
  /** Of spans. */
  readonly attributes: Attributes;
  /** Of measurements. */
  readonly metric: Attributes;
}

/** Sets whose templates a client's operations keep; names that come from outside must not fill the memory. */
const MOST = 1_000;

const NONE = "";

type TemplateFor = (operation: string, namespace?: string, set?: string) => Template;

const ofClients = new WeakMap<Client, TemplateFor>();

/** Those of a client, made once. */
export function templatesOf(client: Client): TemplateFor {
  const known = ofClients.get(client);
  if (known !== undefined) return known;
  const made = createTemplates(client);
  ofClients.set(client, made);
  return made;
}

/**
 * What the operations of one client are called and described by, as OpenTelemetry's conventions for database clients say.
 *
 * @example
 * templateFor("PUT", "test", "users").name; // "PUT test.users"
 */
export function createTemplates(client: Client): TemplateFor {
  const server = serverAddressOf(client);
  const known = new Map<string, Map<string, Map<string, Template>>>();
  let count = 0;

  return (operation, namespace = NONE, set = NONE) => {
    const found = known.get(operation)?.get(namespace)?.get(set);
    if (found !== undefined) return found;
    const metric = {
      "db.system.name": "aerospike",
      ...(namespace !== NONE && { "db.namespace": namespace }),
      ...(set !== NONE && { "db.collection.name": set }),
      "db.operation.name": operation,
    };
    const attributes = {
      ...metric,
      ...(server !== undefined && { "server.address": server.address, "server.port": server.port }),
    };
    const place = set === NONE ? namespace : `${namespace}.${set}`;
    const template = {
      name: place === NONE ? operation : `${operation} ${place}`,
      kind: SpanKind.CLIENT,
      attributes,
      metric,
    };
    if (count < MOST) {
      count++;
      remember(known, operation, namespace, set, template);
    }
    return template;
  };
}

function remember(
  known: Map<string, Map<string, Map<string, Template>>>,
  operation: string,
  namespace: string,
  set: string,
  template: Template,
): void {
  const namespaces = known.get(operation) ?? new Map<string, Map<string, Template>>();
  known.set(operation, namespaces);
  const sets = namespaces.get(namespace) ?? new Map<string, Template>();
  namespaces.set(namespace, sets);
  sets.set(set, template);
}
