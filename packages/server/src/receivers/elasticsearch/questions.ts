import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { RouteCredentials } from "../../http/credentials.ts";

/** The version that clients are told, by which they choose what to send. */
const VERSION = "8.19.0";

const INFO = {
  name: "polylog",
  cluster_name: "polylog",
  cluster_uuid: "polylog",
  version: {
    number: VERSION,
    build_flavor: "default",
    build_type: "docker",
    build_hash: "polylog",
    build_date: "2025-01-01T00:00:00.000Z",
    build_snapshot: false,
    lucene_version: "9.12.0",
    minimum_wire_compatibility_version: "7.17.0",
    minimum_index_compatibility_version: "7.0.0",
  },
  tagline: "You Know, for Search",
};

const LICENSE = {
  license: {
    status: "active",
    uid: "polylog",
    type: "basic",
    mode: "basic",
    issued_to: "polylog",
    issuer: "polylog",
  },
};

const XPACK = {
  build: { hash: "polylog", date: "2025-01-01T00:00:00.000Z" },
  license: { uid: "polylog", type: "basic", mode: "basic", status: "active" },
  features: {
    ilm: { available: true, enabled: true },
    security: { available: true, enabled: false },
    monitoring: { available: false, enabled: false },
  },
  tagline: "You know, for X",
};

const HEALTH = {
  cluster_name: "polylog",
  status: "green",
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
};
const NODES = { _nodes: { total: 1, successful: 1, failed: 0 }, cluster_name: "polylog", nodes: {} };
const SETTINGS = { persistent: {}, transient: {}, defaults: {} };
const DONE = { acknowledged: true };

/** Questions that clients ask before they send, by path, and what they are answered. */
const QUESTIONS: readonly (readonly [HTTPMethods, string, object])[] = [
  ["GET", "/_license", LICENSE],
  ["GET", "/_xpack", XPACK],
  ["GET", "/_cluster/health", HEALTH],
  ["GET", "/_cluster/settings", SETTINGS],
  ["GET", "/_nodes", NODES],
  ["GET", "/_nodes/http", NODES],
  ["GET", "/_nodes/_all/http", NODES],
];

/** What shippers set up before they send: there is nothing to set up, so all of it is there and may be written. */
const SET_UP_PATHS = [
  "/_ilm/policy/:name",
  "/_index_template/:name",
  "/_component_template/:name",
  "/_template/:name",
  "/_ingest/pipeline/:name",
  "/_data_stream/:name",
  "/_alias/:name",
];

/**
 * Registers what Filebeat, Logstash, Fluent Bit, Vector and the official clients ask before they send.
 *
 * Source: requests of these clients; Elasticsearch, "REST APIs".
 */
export function registerQuestions(app: FastifyInstance, credentials: RouteCredentials): void {
  const config = { credentials };
  app.get("/", { config }, async (request, reply) =>
    isPerson(request) ? reply.callNotFound() : reply.send(INFO),
  );
  for (const [method, url, answer] of QUESTIONS) {
    app.route({ method, url, config, handler: async () => answer });
  }
  for (const url of SET_UP_PATHS) {
    app.route({ method: ["GET", "HEAD"], url, config, handler: async () => ({}) });
    app.route({ method: ["PUT", "POST"], url, config, handler: async () => DONE });
  }
  const refreshed = { _shards: { total: 1, successful: 1, failed: 0 } };
  for (const url of ["/_refresh", "/:index/_refresh"]) app.post(url, { config }, async () => refreshed);
  // rsyslog asks so whether anybody is there.
  app.get("/_cat/health", { config }, async (_request, reply) =>
    reply.type("text/plain; charset=UTF-8").send("polylog green 1 1\n"),
  );
  app.put("/:index", { config }, async (request: FastifyRequest, reply: FastifyReply) => {
    const { index } = request.params as { index: string };
    return reply.send({ ...DONE, shards_acknowledged: true, index });
  });
}

/** Programs that say what they are. */
const PROGRAM = /elastic|logstash|beat|vector|fluent|opensearch/i;

/** True when the page is wanted at `/`, and not the server's version. */
function isPerson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? "*/*";
  if (accept.includes("text/html")) return true;
  if (headers["x-elastic-client-meta"] !== undefined || PROGRAM.test(headers["user-agent"] ?? ""))
    return false;
  return accept.includes("*/*");
}
