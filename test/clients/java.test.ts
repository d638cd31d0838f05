import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TraceResponse } from "../../packages/server/src/contract/index.ts";
import { poll } from "../poll.ts";
import { RECORDS, textOf, timeOf } from "../receivers/network-server.ts";
import { ROOT } from "../server-process.ts";
import { BUILDS, buildClient, expectAll, useServer } from "./client.ts";

/** Java's usual clients, from Maven Central, against the whole server. */
const built = join(BUILDS, "java");
const clients = buildClient({
  name: "Java's clients",
  folder: join(ROOT, "test/clients/java"),
  build: ["mvn", "--batch-mode", "--quiet", "package"],
  run: ["java", "-cp", `${join(built, "classes")}:${join(built, "dependency/*")}`, "clients.Main"],
});

const server = useServer(clients, "gelf:0");

/** Sends as a service of this name; answers when its first line was written, in milliseconds since 1970. */
function send(client: string, name: string, address = server.address, count = RECORDS): Promise<number> {
  return clients.send([client, address, name, String(count)]);
}

const LAST = {
  ...{ level: "error", host: "web-1" },
  attributes: {
    "exception.type": "java.lang.IllegalStateException",
    "exception.stacktrace": expect.stringContaining("at clients.LogbackClient.send("),
  },
};

describe.skipIf(!clients.isBuilt)("of Java's clients", { timeout: 120_000 }, () => {
  it.each([
    ["gelf-tcp", "tcp", RECORDS],
    // What a datagram's sender hurries is lost.
    ["gelf-udp", "udp", 1000],
  ] as const)("logback-gelf has its lines found again, %s", async (client, transport, count) => {
    const address = `${transport}://127.0.0.1:${server.portOf("gelf", transport)}`;
    const start = await send(client, client, address, count);
    const rows = await server.found(`service:${client}`, count);
    expectAll(rows, start);
    expect(rows.get(7)).toMatchObject({ level: "error", host: "web-1", logger: "shop.cart" });
    expect(rows.get(8)).toMatchObject({ level: "info" });
    expect(rows.get(count - 1)).toMatchObject(LAST);
  });

  it("loki4j has its lines found again", async () => {
    const start = await send("loki", "loki4j");
    const rows = await server.found("service:loki4j");
    for (const [number, row] of rows) {
      expect(row.body).toContain(textOf(number));
      expect(timeOf(row)).toBe(start + number * 1000);
    }
    expect(rows.get(7)).toMatchObject({ level: "error", host: "web-1", logger: "shop.cart" });
    expect(rows.get(8)).toMatchObject({ level: "info", attributes: { thread: "main" } });
    expect(rows.get(RECORDS - 1)).toMatchObject(LAST);
  });

  it("Scalyr's own has its events found again", async () => {
    const before = Date.now();
    await send("scalyr", "scalyr-java");
    const rows = await server.found("service:scalyr-java");
    for (const [number, row] of rows) {
      expect([row.body, row.attributes.order]).toEqual([textOf(number), String(number)]);
      expect(timeOf(row)).toBeGreaterThanOrEqual(before);
      expect(timeOf(row)).toBeLessThanOrEqual(Date.now());
    }
    expect(rows.get(7)).toMatchObject({ level: "error", host: "web-1" });
    expect(rows.get(8)).toMatchObject({ level: "info" });
  });

  it.each(["json", "protobuf"])("Zipkin's reporter has its spans found again, in %s", async (encoding) => {
    const service = `zipkin-${encoding}`;
    const start = await send(service, service);
    const spans = new Map<string, TraceResponse["spans"][number]>();
    for (let first = 0; first < RECORDS; first += SPANS) {
      for (const span of await spansOf(encoding === "json" ? 1 : 2, first)) spans.set(span.name, span);
    }
    expect(spans.size).toBe(RECORDS);
    for (let number = 0; number < RECORDS; number++) {
      const span = spans.get(textOf(number))!;
      expect([span.attributes.order, Date.parse(span.timestamp)]).toEqual([
        String(number),
        start + number * 1000,
      ]);
    }
    expect(spans.get(textOf(107))).toMatchObject({
      ...{ kind: "Server", service, duration: "1500000", parentSpanId: hex(101), spanId: hex(108) },
      ...{ statusCode: "Error", statusMessage: "out of stock", events: [{ name: "sent" }] },
      attributes: { "network.local.address": "10.0.0.1", "network.local.port": "8080" },
    });
  });
});

/** Of one trace. */
const SPANS = 100;
const hex = (id: number) => id.toString(16).padStart(16, "0");

/** The spans of a run's trace that begins with this one, when all are there. */
function spansOf(run: number, first: number): Promise<TraceResponse["spans"]> {
  return poll(`the trace of span ${first}`, async () => {
    const response = await fetch(`${server.address}/api/v1/traces/${hex(run)}${hex(first + 1)}`);
    if (!response.ok) return undefined;
    const { spans } = (await response.json()) as TraceResponse;
    return spans.length === SPANS && spans;
  });
}
