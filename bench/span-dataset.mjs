/**
 * Made-up traces of a shop, the same for the same seed: requests that go through services, databases and a queue,
 * with the attributes, kinds, errors and events that instrumentations write.
 */
import { createRandom } from "./dataset.mjs";

export const SLOW_SERVICE = "payments";

/** Runtime and host names of a service's instances. */
const SERVICES = {
  gateway: "go",
  checkout: "node",
  catalog: "rust",
  search: "rust",
  payments: "java",
  inventory: "go",
  accounts: "python",
  shipping: "go",
  mailer: "node",
  fraud: "python",
};
const INSTANCES = 4;

/**
 * What an operation does: its service, name, kind, own milliseconds (of which a few in a hundred are much longer),
 * share of failures, and the operations that it calls, each with how often.
 */
const OPERATIONS = {
  order: [
    "gateway",
    "POST /api/orders",
    "Server",
    2,
    0.002,
    [
      ["session", 1],
      ["placeOrder", 1],
    ],
  ],
  browse: [
    "gateway",
    "GET /api/products/{id}",
    "Server",
    1,
    0.001,
    [
      ["product", 1],
      ["recommend", 0.4],
    ],
  ],
  find: ["gateway", "GET /api/search", "Server", 1, 0.001, [["searchQuery", 1]]],
  login: ["gateway", "POST /api/login", "Server", 1, 0.004, [["session", 1]]],
  session: [
    "accounts",
    "GET /session",
    "Server",
    2,
    0.001,
    [
      ["cacheGet", 1],
      ["userRow", 0.3],
    ],
  ],
  placeOrder: [
    "checkout",
    "POST /orders",
    "Server",
    4,
    0.003,
    [
      ["priceRow", 3],
      ["reserve", 1],
      ["charge", 1],
      ["orderRow", 2],
      ["publish", 1],
    ],
  ],
  product: [
    "catalog",
    "GET /products/{id}",
    "Server",
    1,
    0.001,
    [
      ["cacheGet", 1],
      ["productRow", 0.6],
      ["render", 2],
    ],
  ],
  recommend: [
    "catalog",
    "GET /recommendations",
    "Server",
    3,
    0.002,
    [
      ["cacheGet", 4],
      ["render", 3],
    ],
  ],
  searchQuery: [
    "search",
    "GET /search",
    "Server",
    6,
    0.002,
    [
      ["shard", 6],
      ["render", 1],
    ],
  ],
  shard: ["search", "search shard", "Internal", 5, 0.001, []],
  render: ["catalog", "render", "Internal", 0.4, 0, []],
  reserve: ["inventory", "inventory.Stock/Reserve", "Server", 3, 0.004, [["stockRow", 2]]],
  charge: [
    "payments",
    "payments.Cards/Charge",
    "Server",
    40,
    0.02,
    [
      ["score", 1],
      ["issuer", 1],
      ["ledgerRow", 1],
    ],
  ],
  score: ["fraud", "POST /score", "Server", 12, 0.003, [["cacheGet", 2]]],
  issuer: ["payments", "POST issuer.example", "Client", 60, 0.01, []],
  publish: ["checkout", "orders publish", "Producer", 1, 0.0005, [["mail", 1]]],
  mail: ["mailer", "orders process", "Consumer", 20, 0.01, []],
  cacheGet: ["accounts", "GET", "Client", 0.3, 0.0002, []],
  userRow: ["accounts", "SELECT users", "Client", 1.5, 0.0005, []],
  priceRow: ["checkout", "SELECT prices", "Client", 1.5, 0.0005, []],
  orderRow: ["checkout", "INSERT orders", "Client", 2.5, 0.001, []],
  productRow: ["catalog", "SELECT products", "Client", 2, 0.0005, []],
  stockRow: ["inventory", "UPDATE stock", "Client", 2, 0.001, []],
  ledgerRow: ["payments", "INSERT ledger", "Client", 3, 0.001, []],
};
const ENTRIES = ["browse", "browse", "browse", "browse", "find", "find", "order", "order", "login"];

/** Spans until a trace is complete are at most these; one may be far larger than the others. */
const MOST_SPANS_OF_A_CALL = 64;

/**
 * Makes spans of traces that begin between `from` and `to` (nanoseconds), in batches, and a log record for every
 * tenth span.
 *
 * @param {{ count: number, from: bigint, to: bigint, seed?: number, batch?: number,
 *   resourceOf: (pairs: string[]) => unknown, scopeOf: (name: string, version?: string) => unknown }} options
 * @returns {Generator<{ logs: object[], spans: object[] }>}
 */
export function* generateSpans({ count, from, to, seed = 1, batch = 20_000, resourceOf, scopeOf }) {
  const random = createRandom(seed);
  const hex = hexOf(random);
  const resources = resourcesOf(resourceOf);
  const scope = scopeOf("@opentelemetry/instrumentation", "0.57.1");
  const logScope = scopeOf("app", "");
  // What the entries make on average: traces are spread evenly over the time.
  const step = (to - from) / BigInt(Math.max(1, Math.round(count / 12)));
  let logs = [];
  let spans = [];
  let made = 0;
  for (let trace = 0; made < count; trace++) {
    const start = from + ((step * BigInt(trace)) % (to - from)) + BigInt(Math.floor(random() * 1e6));
    const traceId = hex(32);
    const customer = String(Math.floor(random() * 50_000));
    const own = [];
    const call = (name, parentSpanId, begin) => {
      const [service, operation, kind, milliseconds, failures, calls] = OPERATIONS[name];
      const instance = Math.floor(random() * INSTANCES);
      const spanId = hex(16);
      const isSlow = random() < 0.02;
      const self = milliseconds * (0.4 + random() ** 3 * 2) * (isSlow ? 5 + random() * 30 : 1);
      let at = begin + self * 0.3;
      let isFailed = random() < failures;
      const span = { service, spanId };
      own.push(span);
      for (const [callee, times] of calls) {
        const whole = Math.floor(times) + (random() < times % 1 ? 1 : 0);
        for (let i = 0; i < whole && own.length < MOST_SPANS_OF_A_CALL; i++) {
          const child = call(callee, spanId, at);
          // The shards of a search run side by side, and what a queue takes is not waited for.
          if (callee !== "shard" && callee !== "mail") at = child.end;
          if (child.isFailed && random() < 0.6 && callee !== "mail") isFailed = true;
        }
      }
      const end = at + self * 0.7;
      Object.assign(span, {
        timestamp: start + nanoseconds(begin),
        endTimestamp: start + nanoseconds(end),
        traceId,
        parentSpanId,
        traceState: "",
        name: operation,
        kind,
        statusCode: isFailed ? "Error" : "Unset",
        statusMessage: isFailed && calls.length === 0 ? `${operation} failed` : "",
        resource: resources(service, instance),
        scope,
        attributes: attributesOf({ name: operation, kind, isFailed, customer, random, service }),
        events: isFailed && calls.length === 0 ? [exception(start + nanoseconds(end), operation)] : [],
        links: [],
      });
      return { end, isFailed };
    };
    call(ENTRIES[Math.floor(random() * ENTRIES.length)], "", 0);
    for (const { service, ...span } of own) {
      spans.push(span);
      if (random() < 0.1) logs.push(logOf(span, service, logScope));
    }
    made += own.length;
    if (spans.length >= batch || made >= count) {
      yield { logs, spans };
      logs = [];
      spans = [];
    }
  }
}

/**
 * One trace of so many spans, as a batch job makes: a tree of steps, some of which failed, with records.
 *
 * @returns {Generator<{ logs: object[], spans: object[] }>}
 */
export function* generateLargeTrace({ count, from, traceId, seed = 1, batch = 20_000, resourceOf, scopeOf }) {
  const random = createRandom(seed);
  const hex = hexOf(random);
  const resources = resourcesOf(resourceOf);
  const scope = scopeOf("batch", "1.0.0");
  const names = Object.keys(SERVICES);
  const ids = [];
  let logs = [];
  let spans = [];
  for (let index = 0; index < count; index++) {
    // Wide rather than deep: a job has a hundred steps, each of some hundred items.
    const parent = index === 0 ? -1 : index <= 100 ? 0 : 1 + ((index - 101) % Math.min(100, index - 1));
    const service = index === 0 ? "checkout" : names[index % names.length];
    const begin = index <= 100 ? index * 5 : 500 + index * 0.6;
    const length = index === 0 ? 500 + count * 0.62 : index <= 100 ? count * 0.6 : 0.2 + random() * 8;
    const isFailed = index > 100 && random() < 0.005;
    const spanId = hex(16);
    ids.push(spanId);
    const span = {
      timestamp: from + nanoseconds(begin),
      endTimestamp: from + nanoseconds(begin + length),
      traceId,
      spanId,
      parentSpanId: ids[parent] ?? "",
      traceState: "",
      name: index === 0 ? "nightly import" : index <= 100 ? `import part ${index}` : `store item ${index}`,
      kind: index === 0 ? "Consumer" : "Internal",
      statusCode: isFailed ? "Error" : "Unset",
      statusMessage: isFailed ? "constraint violated" : "",
      resource: resources(service, index % INSTANCES),
      scope,
      attributes: ["item.id", String(index), "item.kind", "order", "batch.size", "100"],
      events: isFailed ? [exception(from + nanoseconds(begin + length), "store item")] : [],
      links: [],
    };
    spans.push(span);
    if (random() < 0.01) logs.push(logOf(span, service, scope));
    if (spans.length === batch || index === count - 1) {
      yield { logs, spans };
      logs = [];
      spans = [];
    }
  }
}

const nanoseconds = (milliseconds) => BigInt(Math.round(milliseconds * 1e6));

function hexOf(random) {
  return (digits) => {
    let text = "";
    while (text.length < digits)
      text += Math.floor(random() * 0x100000000)
        .toString(16)
        .padStart(8, "0");
    return text;
  };
}

function resourcesOf(resourceOf) {
  const made = new Map();
  return (service, instance) => {
    const key = `${service}/${instance}`;
    if (!made.has(key)) {
      const pairs = {
        "service.name": service,
        "service.version": "2026.11.3",
        "service.instance.id": `${service}-${instance}`,
        "deployment.environment.name": "production",
        "host.name": `node-${instance}`,
        "k8s.namespace.name": "shop",
        "telemetry.sdk.language": SERVICES[service],
      };
      made.set(key, resourceOf(Object.entries(pairs).flat()));
    }
    return made.get(key);
  };
}

function attributesOf({ name, kind, isFailed, customer, random, service }) {
  const status = isFailed ? "500" : random() < 0.03 ? "404" : "200";
  const [first = "", second = ""] = name.split(" ");
  if (/^(SELECT|INSERT|UPDATE) /.test(name)) {
    return [
      ...["db.system.name", "postgresql", "db.operation.name", first, "db.collection.name", second],
      ...[
        "db.query.text",
        `${first} … ${second} … WHERE id = $1`,
        "server.address",
        `db-${service}.internal`,
      ],
    ];
  }
  if (name === "GET") {
    const key = `session:${Math.floor(random() * 1e6)}`;
    return [
      ...["db.system.name", "redis", "db.operation.name", "GET", "db.query.text", `GET ${key}`],
      ...["server.address", "cache.internal"],
    ];
  }
  if (kind === "Producer" || kind === "Consumer") {
    return [
      ...["messaging.system", "kafka", "messaging.destination.name", "orders"],
      ...["messaging.operation.name", kind === "Producer" ? "publish" : "process"],
    ];
  }
  if (name.includes("/") && name.includes(".") && !name.startsWith("POST")) {
    return ["rpc.system", "grpc", "rpc.method", name, "rpc.grpc.status_code", isFailed ? "13" : "0"];
  }
  if (kind === "Internal")
    return ["code.function.name", name, "thread.id", String(Math.floor(random() * 16))];
  return [
    ...["http.request.method", first, "http.route", second, "http.response.status_code", status],
    ...["url.path", second.replace("{id}", String(Math.floor(random() * 20_000))), "customer", customer],
    ...["user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)", "network.protocol.version", "1.1"],
  ];
}

function exception(timestamp, operation) {
  return {
    timestamp,
    name: "exception",
    attributes: [
      ...["exception.type", "UpstreamError", "exception.message", `${operation}: connection reset by peer`],
      ...["exception.stacktrace", `UpstreamError: reset\n    at call (/app/src/client.ts:42:11)`],
    ],
  };
}

function logOf({ timestamp, traceId, spanId, resource, name, statusCode }, service, scope) {
  const isFailed = statusCode === "Error";
  return {
    timestamp: timestamp + 100_000n,
    observedTimestamp: timestamp + 200_000n,
    severityNumber: isFailed ? 17 : 9,
    severityText: isFailed ? "ERROR" : "INFO",
    body: `${service}: ${name} ${isFailed ? "failed" : "done"}`,
    eventName: "",
    traceId,
    spanId,
    traceFlags: 1,
    resource,
    scope,
    attributes: ["operation", name],
  };
}
