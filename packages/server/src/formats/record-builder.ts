import type { Attributes, LogRecord, Resource, Scope } from "../record/record.ts";
import { resourceOf, scopeOf } from "../record/resource.ts";
import type { Draft } from "./format.ts";

/** What is known of records from where they come from; what a record says of itself goes before. */
export interface RecordDefaults {
  readonly service?: string | undefined;
  readonly host?: string | undefined;
  readonly runtime?: string | undefined;
  readonly logger?: string | undefined;
  /** Added to each record's attributes. */
  readonly attributes?: Attributes | undefined;
  /** Added to each record's resource. */
  readonly resource?: Attributes | undefined;
}

const NONE: Attributes = [];
/** Distinct resources and scopes that are shared; a hostile source can make any number. */
const MAX_SHARED = 512;

/** Makes records of drafts. Records of one builder share their resources and scopes. */
export class RecordBuilder {
  readonly #defaults: RecordDefaults;
  readonly #resources = new Map<string, Resource>();
  readonly #scopes = new Map<string, Scope>();
  /** The last resource that is told by these three alone: most lines have that of the line before. */
  #last: { service: string; host: string; runtime: string; resource: Resource } | undefined;

  constructor(defaults: RecordDefaults = {}) {
    this.#defaults = defaults;
  }

  /**
   * @param timestamp for drafts that have none, nanoseconds since 1970
   * @param observed when the record was seen, likewise
   */
  build(draft: Draft, timestamp: bigint, observed: bigint): LogRecord {
    const extra = this.#defaults.attributes;
    if (extra !== undefined) for (const text of extra) draft.attributes.push(text);
    return {
      timestamp: draft.timestamp ?? timestamp,
      observedTimestamp: observed,
      severityNumber: draft.severityNumber,
      severityText: draft.severityText,
      body: draft.body,
      eventName: draft.eventName,
      traceId: draft.traceId,
      spanId: draft.spanId,
      traceFlags: draft.traceFlags,
      resource: this.resource(draft.service, draft.host, draft.runtime, draft.resource),
      scope: this.scope(draft.logger),
      attributes: draft.attributes,
    };
  }

  /**
   * The resource of a record that tells these; what is empty is filled in.
   *
   * @param own further attributes of it
   */
  resource(ownService: string, ownHost: string, ownRuntime: string, own: Attributes = NONE): Resource {
    const service = ownService || (this.#defaults.service ?? "");
    const host = ownHost || (this.#defaults.host ?? "");
    const runtime = ownRuntime || (this.#defaults.runtime ?? "");
    const last = this.#last;
    if (
      own.length === 0 &&
      last !== undefined &&
      service === last.service &&
      host === last.host &&
      runtime === last.runtime
    ) {
      return last.resource;
    }
    let key = `${service}\0${host}\0${runtime}`;
    if (own.length > 0) key += `\0${own.join("\0")}`;
    let resource = this.#resources.get(key);
    if (resource === undefined) {
      const attributes = [...(this.#defaults.resource ?? []), ...own];
      if (service !== "") attributes.push("service.name", service);
      if (host !== "") attributes.push("host.name", host);
      if (runtime !== "") attributes.push("polylog.runtime", runtime);
      resource = resourceOf(attributes);
      if (this.#resources.size >= MAX_SHARED) this.#resources.clear();
      this.#resources.set(key, resource);
    }
    if (own.length === 0) this.#last = { service, host, runtime, resource };
    return resource;
  }

  /** The scope of a record of this logger; the usual one where that is empty. */
  scope(ownLogger: string): Scope {
    const logger = ownLogger || (this.#defaults.logger ?? "");
    let scope = this.#scopes.get(logger);
    if (scope === undefined) {
      scope = scopeOf(logger);
      if (this.#scopes.size >= MAX_SHARED) this.#scopes.clear();
      this.#scopes.set(logger, scope);
    }
    return scope;
  }
}
