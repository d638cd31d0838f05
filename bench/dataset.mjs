/**
 * Made-up records of a shop with twelve services, the same for the same seed. Shapes follow what real services
 * write: few templates with many values in them, some attributes on each, ids that are rare, errors that come in
 * bursts, a third of the records inside a trace.
 */

export const RARE_WORD = "zebrafinch";
export const COMMON_WORD = "request";
export const COMMON_SERVICE = "checkout";

const SERVICES = [
  ["gateway", "node", 26],
  ["checkout", "node", 18],
  ["catalog", "rust", 14],
  ["search", "rust", 10],
  ["payments", "java", 8],
  ["inventory", "go", 7],
  ["accounts", "python", 6],
  ["recommendations", "python", 4],
  ["shipping", "go", 3],
  ["mailer", "node", 2],
  ["fraud", "python", 1],
  ["reports", "java", 1],
];

const ROUTES = [
  "/",
  "/cart",
  "/cart/items",
  "/orders",
  "/orders/:id",
  "/products/:id",
  "/search",
  "/login",
  "/health",
];
const HOSTS = 24;

/** Templates: severity number, severity text, logger, weight, and a function to the body. */
const TEMPLATES = [
  [
    9,
    "INFO",
    "http.server",
    40,
    (r) => `request completed ${r.method} ${r.route} ${r.status} in ${r.duration} ms`,
  ],
  [5, "DEBUG", "http.client", 16, (r) => `sending request to upstream ${r.upstream} attempt ${r.attempt}`],
  [5, "DEBUG", "cache", 12, (r) => `cache ${r.hit ? "hit" : "miss"} for key product:${r.product}`],
  [9, "INFO", "orders", 8, (r) => `order ${r.order} placed by customer ${r.customer} total ${r.total} EUR`],
  [9, "INFO", "db.pool", 7, (r) => `query select on table ${r.table} returned ${r.rows} rows`],
  [1, "TRACE", "scheduler", 5, (r) => `tick ${r.order} queue depth ${r.attempt}`],
  [13, "WARN", "db.pool", 5, (r) => `slow query on ${r.table}: ${r.duration} ms exceeds threshold of 500 ms`],
  [
    13,
    "WARN",
    "http.client",
    3,
    (r) => `retrying upstream ${r.upstream} after connection reset, attempt ${r.attempt}`,
  ],
  [
    17,
    "ERROR",
    "payments",
    3,
    (r) => `card declined for order ${r.order}: issuer answered code ${r.attempt}`,
  ],
  [
    17,
    "ERROR",
    "http.server",
    0.9,
    (r) => `request failed ${r.method} ${r.route}: upstream ${r.upstream} timed out`,
  ],
  [21, "FATAL", "process", 0.1, (r) => `out of memory in worker ${r.attempt}, restarting`],
];

const TABLES = ["orders", "customers", "products", "stock", "sessions", "payments"];
const METHODS = ["GET", "GET", "GET", "POST", "PUT", "DELETE"];

/** A small, fast, seeded generator of numbers in [0, 1). */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function weighted(entries, weightOf) {
  const table = entries.flatMap((entry) => Array(Math.max(1, Math.round(weightOf(entry) * 10))).fill(entry));
  return (random) => table[Math.floor(random() * table.length)];
}

const pickService = weighted(SERVICES, (service) => service[2]);
const pickTemplate = weighted(TEMPLATES, (template) => template[3]);
const pick = (random, list) => list[Math.floor(random() * list.length)];
const hex = (random, digits) => {
  let text = "";
  while (text.length < digits)
    text += Math.floor(random() * 0x100000000)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, digits);
};

/**
 * Makes records from `from` to `to` (nanoseconds) in ascending time, in batches.
 *
 * `rare` is how many of them have the rare word.
 *
 * @param {{ count: number, from: bigint, to: bigint, seed?: number, batch?: number, rare?: number,
 *   resourceOf: (pairs: string[]) => unknown, scopeOf: (name: string, version?: string) => unknown }} options
 * @returns {Generator<{ logs: object[], spans: object[] }>}
 */
export function* generate({ count, from, to, seed = 1, batch = 20_000, rare = 25, resourceOf, scopeOf }) {
  const random = createRandom(seed);
  const resources = new Map();
  const scopes = new Map(TEMPLATES.map((template) => [template[2], scopeOf(template[2], "1.4.2")]));
  const resource = (service, runtime, host) => {
    const key = `${service}/${host}`;
    let found = resources.get(key);
    if (found === undefined) {
      found = resourceOf([
        ...[
          "service.name",
          service,
          "service.version",
          "2026.11.3",
          "deployment.environment.name",
          "production",
        ],
        ...["host.name", `node-${host}`, "k8s.namespace.name", "shop", "telemetry.sdk.language", runtime],
      ]);
      resources.set(key, found);
    }
    return found;
  };
  const step = (to - from) / BigInt(count);
  const rareEvery = Math.max(1, Math.floor(count / rare));
  let logs = [];
  let spans = [];
  let trace = { id: hex(random, 32), left: 6, root: hex(random, 16) };
  for (let i = 0; i < count; i++) {
    const [service, runtime] = pickService(random);
    const [severityNumber, severityText, logger, , bodyOf] = pickTemplate(random);
    const values = {
      method: pick(random, METHODS),
      route: pick(random, ROUTES),
      status: random() < 0.97 ? 200 : random() < 0.6 ? 404 : 503,
      duration: Math.floor(4 * 1.8 ** (random() * 12)),
      upstream: pickService(random)[0],
      attempt: 1 + Math.floor(random() * 5),
      hit: random() < 0.8,
      product: Math.floor(random() * 20_000),
      order: 4_000_000 + i,
      customer: Math.floor(random() * 50_000),
      total: (random() * 300).toFixed(2),
      table: pick(random, TABLES),
      rows: Math.floor(random() * 400),
    };
    const timestamp = from + step * BigInt(i) + BigInt(Math.floor(random() * 1e6));
    const isTraced = random() < 0.34;
    const from_ = resource(service, runtime, Math.floor(random() * HOSTS));
    const scope = scopes.get(logger);
    let body = bodyOf(values);
    if (i % rareEvery === rareEvery - 1) body += ` ${RARE_WORD}`;
    const spanId = isTraced ? hex(random, 16) : "";
    const attributes = [
      ...["http.request.method", values.method, "http.route", values.route],
      ...["http.response.status_code", String(values.status), "duration_ms", String(values.duration)],
      ...["customer", String(values.customer), "thread", `worker-${values.attempt}`],
    ];
    logs.push({
      timestamp,
      observedTimestamp: timestamp + 4_000_000n,
      severityNumber,
      severityText,
      body,
      eventName: "",
      traceId: isTraced ? trace.id : "",
      spanId,
      traceFlags: isTraced ? 1 : 0,
      resource: from_,
      scope,
      attributes,
    });
    if (isTraced) {
      spans.push({
        timestamp,
        endTimestamp: timestamp + BigInt(values.duration) * 1_000_000n,
        traceId: trace.id,
        spanId: trace.left === 6 ? trace.root : spanId,
        parentSpanId: trace.left === 6 ? "" : trace.root,
        traceState: "",
        name: `${values.method} ${values.route}`,
        kind: trace.left === 6 ? "Server" : "Client",
        statusCode: severityNumber >= 17 ? "Error" : "Unset",
        statusMessage: "",
        resource: from_,
        scope,
        attributes,
        events: [],
        links: [],
      });
      if (--trace.left === 0) trace = { id: hex(random, 32), left: 6, root: hex(random, 16) };
    }
    if (logs.length === batch || i === count - 1) {
      yield { logs, spans };
      logs = [];
      spans = [];
    }
  }
}
