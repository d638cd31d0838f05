/** A small shop's logs and traces, made up, spread over the last `minutes`; the same each time but for the clock. */

const SERVICES = [
  { name: "gateway", runtime: "nodejs", logger: "http.server" },
  { name: "checkout", runtime: "nodejs", logger: "orders" },
  { name: "pricing", runtime: "rust", logger: "pricing::engine" },
  { name: "payments", runtime: "python", logger: "payments.cards" },
  { name: "inventory", runtime: "go", logger: "stock" },
] as const;

const MESSAGES: readonly [level: string, weight: number, text: (n: number) => string][] = [
  ["INFO", 50, (n) => `request completed in ${12 + (n % 340)} ms`],
  ["DEBUG", 22, (n) => `cache hit for key product:${n % 997}`],
  ["INFO", 14, (n) => `order ${48_000 + n} placed by customer ${n % 613}`],
  ["WARN", 8, (n) => `slow query on orders: ${500 + (n % 900)} ms exceeds threshold of 500 ms`],
  ["ERROR", 4, (n) => `card declined for order ${48_000 + n}: issuer answered 05`],
  ["TRACE", 2, (n) => `tick, queue depth ${n % 40}`],
];
const WEIGHTED = MESSAGES.flatMap((message) => Array<(typeof MESSAGES)[number]>(message[1]).fill(message));

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, "0");

/** Sends `count` records as JSON lines and a trace for every fifth of them; resolves when all are committed. */
export async function sendShop(address: string, count: number, minutes = 14): Promise<{ traceId: string }> {
  const now = Date.now();
  const lines: string[] = [];
  for (let n = 0; n < count; n++) {
    // Bursts rather than an even stream: most real traffic breathes.
    const at = now - (minutes * 60_000 * (count - n)) / count + Math.sin(n / 90) * 9_000;
    const service = SERVICES[(n * 7 + (n >> 3)) % SERVICES.length]!;
    const [level, , text] = WEIGHTED[(n * 37) % WEIGHTED.length]!;
    lines.push(
      JSON.stringify({
        time: new Date(Math.min(at, now - 1)).toISOString(),
        level,
        message: text(n),
        logger: service.logger,
        service: service.name,
        hostname: `node-${1 + (n % 4)}`,
        "telemetry.sdk.language": service.runtime,
        ...(n % 5 === 0 ? { trace_id: hex(0xabc000 + Math.floor(n / 5), 32), span_id: hex(n + 1, 16) } : {}),
        customer: n % 613,
        "http.route": ["/", "/cart", "/orders/:id", "/products/:id"][n % 4],
        duration_ms: 12 + (n % 340),
      }),
    );
  }
  await post(address, "/v1/jsonl", "application/x-ndjson", lines.join("\n"));

  const traceId = "5b8efff798038103d269b633813fc60c";
  await post(address, "/v1/traces", "application/json", JSON.stringify(traceOf(traceId, now - 60_000)));
  const traced = [
    "taking the order",
    "asking for the price",
    "charging the card",
    "card declined: issuer answered 05",
  ];
  const logs = traced.map((message, i) =>
    JSON.stringify({
      time: new Date(now - 60_000 + 20 + i * 60).toISOString(),
      level: i === 3 ? "ERROR" : "INFO",
      message,
      service: ["gateway", "checkout", "pricing", "payments"][i],
      trace_id: traceId,
      span_id: hex(0xe0 + i, 16),
    }),
  );
  await post(address, "/v1/jsonl", "application/x-ndjson", logs.join("\n"));
  return { traceId };
}

async function post(address: string, path: string, type: string, body: string): Promise<void> {
  const response = await fetch(address + path, { method: "POST", headers: { "content-type": type }, body });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** An order through five services, one of which fails. `start` in milliseconds since 1970. */
function traceOf(traceId: string, start: number) {
  const spans: [
    service: string,
    name: string,
    parent: number,
    from: number,
    to: number,
    isFailed?: boolean,
  ][] = [
    ["gateway", "POST /orders", -1, 0, 412, true],
    ["checkout", "PlaceOrder", 0, 8, 398, true],
    ["pricing", "pricing::quote", 1, 40, 118],
    ["payments", "charge card", 1, 130, 371, true],
    ["inventory", "reserve", 1, 44, 96],
    ["pricing", "SELECT prices", 2, 52, 101],
    ["payments", "POST issuer.example/authorize", 3, 142, 360, true],
  ];
  const nano = (milliseconds: number): string => `${start + milliseconds}000000`;
  return {
    resourceSpans: spans.map(([service, name, parent, from, to, isFailed], i) => ({
      resource: {
        attributes: [
          { key: "service.name", value: { stringValue: service } },
          {
            key: "telemetry.sdk.language",
            value: { stringValue: SERVICES.find((s) => s.name === service)!.runtime },
          },
        ],
      },
      scopeSpans: [
        {
          scope: { name: "shop" },
          spans: [
            {
              traceId,
              spanId: hex(0xe0 + i, 16),
              parentSpanId: parent < 0 ? "" : hex(0xe0 + parent, 16),
              name,
              kind: parent < 0 ? 2 : 3,
              startTimeUnixNano: nano(from),
              endTimeUnixNano: nano(to),
              attributes: [{ key: "order", value: { intValue: "48213" } }],
              status: isFailed ? { code: 2, message: "card declined" } : {},
              events: i === 6 ? [{ name: "retry", timeUnixNano: nano(250), attributes: [] }] : [],
            },
          ],
        },
      ],
    })),
  };
}
