import type { LogRow, RowLevel, SpanRow } from "@polylog/server/contract";

/** Records and traces that look like those of a small shop. The same seed gives the same ones. */

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Service {
  readonly name: string;
  readonly runtime: string;
  readonly loggers: readonly string[];
  readonly weight: number;
}

const SERVICES: readonly Service[] = [
  { name: "gateway", runtime: "node", loggers: ["http.access", "http.router"], weight: 40 },
  { name: "checkout", runtime: "node", loggers: ["checkout.cart", "checkout.payment"], weight: 20 },
  { name: "catalog", runtime: "rust", loggers: ["catalog::search", "catalog::index"], weight: 16 },
  {
    name: "recommender",
    runtime: "python",
    loggers: ["recommender.model", "recommender.features"],
    weight: 10,
  },
  {
    name: "billing",
    runtime: "java",
    loggers: ["com.shop.billing.InvoiceService", "com.shop.billing.LedgerRepository"],
    weight: 8,
  },
  { name: "mailer", runtime: "go", loggers: ["mailer"], weight: 6 },
];

const STACK = `PaymentDeclinedError: card declined: insufficient funds
    at authorize (/srv/checkout/src/payment/authorize.ts:84:11)
    at async placeOrder (/srv/checkout/src/orders/place-order.ts:41:19)
    at Layer.handle [as handle_request] (/srv/checkout/node_modules/express/lib/router/layer.js:95:5)
    at next (/srv/checkout/node_modules/express/lib/router/route.js:149:13)
    at Route.dispatch (/srv/checkout/node_modules/express/lib/router/route.js:119:3)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
    at async runMicrotasks (node:internal/process/task_queues:60:5)
    at async main (/srv/checkout/src/main.ts:12:3)`;

type Say = (
  random: () => number,
) => readonly [level: RowLevel, body: string, attributes: Record<string, string>];

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

const PATHS = [
  "/",
  "/api/cart",
  "/api/orders",
  "/api/products",
  "/api/products/4711",
  "/health",
  "/login",
] as const;

const MESSAGES: Readonly<Record<string, Say>> = {
  gateway: (random) => {
    const path = pick(random, PATHS);
    const status = random() < 0.02 ? "502" : random() < 0.06 ? "404" : "200";
    const duration = (random() ** 4 * 900 + 1.2).toFixed(1);
    const level =
      status === "502" ? "error" : status === "404" ? "warn" : path === "/health" ? "debug" : "info";
    return [
      level,
      `GET ${path} ${status} in ${duration} ms`,
      {
        "http.request.method": "GET",
        "url.path": path,
        "http.response.status_code": status,
        duration_ms: duration,
        "client.address": `10.0.${Math.floor(random() * 4)}.${Math.floor(random() * 255)}`,
      },
    ];
  },
  checkout: (random) => {
    const order = `o-${Math.floor(random() * 90_000 + 10_000)}`;
    if (random() < 0.03) {
      return [
        "error",
        "card declined: insufficient funds",
        {
          "order.id": order,
          "exception.type": "PaymentDeclinedError",
          "exception.message": "card declined: insufficient funds",
          "exception.stacktrace": STACK,
        },
      ];
    }
    if (random() < 0.004)
      return [
        "fatal",
        "payment provider's certificate has expired; no order can be paid",
        { provider: "stripe" },
      ];
    if (random() < 0.06)
      return ["warn", "payment took longer than 2 s, trying again", { "order.id": order, attempt: "2" }];
    return [
      "info",
      `order ${order} placed`,
      {
        "order.id": order,
        customer: pick(random, ["anna", "ben", "chloé", "dmitri"]),
        total: (random() * 300).toFixed(2),
        currency: "EUR",
      },
    ];
  },
  catalog: (random) =>
    random() < 0.3
      ? [
          "debug",
          `index segment ${Math.floor(random() * 900)} merged`,
          { segment: String(Math.floor(random() * 900)), docs: String(Math.floor(random() * 90_000)) },
        ]
      : [
          "info",
          `search "${pick(random, ["espresso machine", "grinder", "v60", "kettle"])}" found ${Math.floor(random() * 400)} products`,
          { hits: String(Math.floor(random() * 400)), took_us: String(Math.floor(random() * 9000)) },
        ],
  recommender: (random) =>
    random() < 0.2
      ? ["trace", "feature vector cached", { user: `u${Math.floor(random() * 5000)}` }]
      : [
          "info",
          `scored ${Math.floor(random() * 500)} candidates`,
          { model: pick(random, ["v7", "v8"]), user: `u${Math.floor(random() * 5000)}` },
        ],
  billing: (random) =>
    random() < 0.05
      ? [
          "error",
          "could not write ledger entry\njava.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.",
          { pool: "HikariPool-1" },
        ]
      : ["info", `invoice ${Math.floor(random() * 90_000)} sent`, { amount: (random() * 900).toFixed(2) }],
  mailer: (random) => [
    "info",
    "mail handed to relay",
    { relay: "mx1.example.com", bytes: String(Math.floor(random() * 40_000)) },
  ],
};

const LEVEL_NUMBER: Readonly<Record<RowLevel, number>> = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  error: 17,
  fatal: 21,
  unset: 0,
};

function hex(random: () => number, digits: number): string {
  let text = "";
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}

function rfc3339(ms: number, nanoseconds: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}${String(nanoseconds).padStart(6, "0")}Z`;
}

export interface Made {
  /** Newest first. */
  readonly rows: LogRow[];
  readonly traceIds: readonly string[];
  readonly make: (at: number) => LogRow;
}

/**
 * @param count how many records
 * @param now the time of the newest one, milliseconds since 1970
 * @param span how long ago the oldest one is, milliseconds
 */
export function makeLogs(count: number, now: number, span: number, seed = 1): Made {
  const random = randomOf(seed);
  const traceIds = Array.from({ length: 40 }, () => hex(random, 32));
  const weights = SERVICES.reduce((sum, service) => sum + service.weight, 0);
  let next = 1n;

  const make = (at: number): LogRow => {
    let rest = random() * weights;
    const service =
      SERVICES.find((one) => {
        rest -= one.weight;
        return rest <= 0;
      }) ?? (SERVICES[0] as Service);
    const [level, body, attributes] = (MESSAGES[service.name] as Say)(random);
    const host = `${service.name}-${Math.floor(random() * 3) + 1}.eu1`;
    const timestamp = rfc3339(at, Math.floor(random() * 1_000_000));
    const hasTrace = random() < 0.7;
    return {
      id: String(1_900_000_000_000_000n + next++),
      timestamp,
      observedTimestamp: timestamp,
      level,
      severityNumber: LEVEL_NUMBER[level],
      severityText: level.toUpperCase(),
      service: service.name,
      logger: pick(random, service.loggers),
      host,
      runtime: service.runtime,
      body,
      eventName: "",
      traceId: hasTrace ? pick(random, traceIds) : "",
      spanId: hasTrace ? hex(random, 16) : "",
      receiver: service.name === "gateway" ? "jsonl" : "otlp",
      attributes,
      resource: {
        "service.name": service.name,
        "service.version": "2.4.1",
        "host.name": host,
        "telemetry.sdk.language": service.runtime,
        "deployment.environment.name": "production",
      },
      scope: { "scope.version": "1.0.0" },
    };
  };

  const rows: LogRow[] = [];
  for (let index = 0; index < count; index++) {
    const share = index / count;
    // A spike of traffic in the middle makes the histogram worth looking at.
    const bend = share + 0.05 * Math.sin(share * 12);
    rows.push(make(now - span + Math.max(0, Math.min(1, bend)) * span));
  }
  rows.sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1));
  return { rows, traceIds, make };
}

/** A trace of a few services, with an error, logs on its spans and one span whose parent is missing. */
export function makeTrace(traceId: string, at: number, size = 60): SpanRow[] {
  const random = randomOf(Number.parseInt(traceId.slice(0, 7), 16));
  const spans: SpanRow[] = [];
  const add = (
    service: string,
    name: string,
    kind: string,
    parent: string,
    start: number,
    duration: number,
    isError = false,
  ): string => {
    const spanId = hex(random, 16);
    spans.push({
      traceId,
      spanId,
      parentSpanId: parent,
      name,
      kind,
      service,
      host: `${service}-1.eu1`,
      runtime: SERVICES.find((one) => one.name === service)?.runtime ?? "",
      scope: "@opentelemetry/instrumentation-http",
      timestamp: rfc3339(at + Math.floor(start), Math.floor((start % 1) * 1_000_000)),
      duration: String(Math.round(duration * 1_000_000)),
      statusCode: isError ? "Error" : "Unset",
      statusMessage: isError ? "card declined: insufficient funds" : "",
      attributes: {
        "http.request.method": "GET",
        "server.address": `${service}.internal`,
        "code.function": name,
      },
      resource: { "service.name": service, "service.version": "2.4.1" },
      events: isError
        ? [
            {
              timestamp: rfc3339(at + Math.floor(start + duration * 0.8), 0),
              name: "exception",
              attributes: { "exception.type": "PaymentDeclinedError", "exception.stacktrace": STACK },
            },
          ]
        : [],
      links: [],
    });
    return spanId;
  };
  const root = add("gateway", "POST /api/orders", "Server", "", 0, 842);
  add("gateway", "authenticate", "Internal", root, 2, 18);
  const checkout = add("checkout", "POST /orders", "Server", root, 24, 801, true);
  add("checkout", "load cart", "Internal", checkout, 26, 41);
  const stock = add("catalog", "reserve stock", "Server", checkout, 70, 160);
  for (let index = 0; index < Math.max(0, size - 12); index++) {
    add("catalog", `SELECT products ${index}`, "Client", stock, 72 + (index * 150) / size, 2 + random() * 6);
  }
  add("recommender", "score", "Server", checkout, 90, 300);
  const payment = add("checkout", "authorize payment", "Client", checkout, 410, 396, true);
  add("billing", "charge", "Server", payment, 430, 340, true);
  add("billing", "INSERT ledger", "Client", payment, 440, 60);
  add("mailer", "send receipt", "Producer", checkout, 815, 9);
  add("mailer", "deliver", "Consumer", "feedfacefeedface", 830, 500);
  return spans;
}
