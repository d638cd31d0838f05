import { setTimeout } from "node:timers/promises";
import * as Sentry from "@sentry/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TraceResponse } from "../../packages/server/src/contract/index.ts";
import { poll } from "../poll.ts";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { findAll } from "./find-all.ts";

/** Sentry's own SDK for Node against the whole server: a change of its DSN is all it takes. */
let server: ServerProcess;
const RECORDS = 10_000;

beforeAll(async () => {
  server = await startServerProcess();
  await connect("stream");
});
afterAll(async () => {
  await Sentry.close(10_000);
  await server.stop();
});

/** @param traceLifecycle whether spans are sent by themselves, or as a transaction once all have ended */
async function connect(traceLifecycle: "stream" | "static"): Promise<void> {
  await Sentry.close(10_000);
  const { host } = new URL(server.address);
  Sentry.init({
    dsn: `http://key@${host}/42`,
    release: "shop@2.1.0",
    environment: "production",
    serverName: "web-1",
    tracesSampleRate: 1,
    traceLifecycle,
    maxBreadcrumbs: 3,
    // Its default is 64 requests under way; what is over is dropped by the SDK itself.
    transportOptions: { bufferSize: 10_000 },
  });
}

describe("@sentry/node", () => {
  it("has all of its logs found again, with time, severity, text and fields", async () => {
    const start = Date.now();
    for (let i = 0; i < RECORDS; i++) {
      Sentry.logger.warn(`order ${i} is late`, { order: i, express: i % 2 === 0 });
      // The SDK reads its clock for each; a breath lets it send.
      if (i % 500 === 499) await setTimeout(1);
    }
    await Sentry.flush(30_000);
    const rows = await findAll(server, "receiver:sentry", RECORDS);
    expect(rows.map((row) => row.attributes.order)).toEqual(
      Array.from({ length: RECORDS }, (_, i) => String(i)),
    );
    expect(rows.every((row) => row.body === `order ${row.attributes.order} is late`)).toBe(true);
    expect(rows[7]).toMatchObject({
      ...{ level: "warn", severityText: "warn", service: "shop", host: "web-1", receiver: "sentry" },
      attributes: { order: "7", express: "false" },
      resource: {
        "service.version": "2.1.0",
        "deployment.environment.name": "production",
        "sentry.project": "42",
        "telemetry.sdk.name": "sentry.javascript.node",
      },
    });
    expect(Date.parse(rows[7]!.timestamp)).toBeGreaterThanOrEqual(start);
    expect(Date.parse(rows[7]!.timestamp)).toBeLessThanOrEqual(Date.now());
  });

  it("has its errors found with type, message, stack, cause, tags, user and breadcrumbs", async () => {
    const cause = new TypeError("the stock is gone");
    const error = new RangeError("order 7 is lost", { cause });
    Sentry.withScope((scope) => {
      scope.setTag("region", "eu");
      scope.setUser({ id: "u7", email: "ann@example.com", username: "ann", ip_address: "203.0.113.7" });
      scope.setExtra("cart", { items: 3 });
      scope.setContext("order", { id: 7 });
      scope.setFingerprint(["orders", "lost"]);
      scope.setLevel("fatal");
      scope.addBreadcrumb({ category: "shop", message: "opened the cart", level: "info" });
      Sentry.captureException(error);
    });
    await Sentry.flush(30_000);
    const row = await poll("the error is found", async () => (await server.search("level:fatal")).rows[0]);
    expect(row).toMatchObject({
      ...{ severityText: "fatal", service: "shop", host: "web-1", runtime: "node" },
      body: "RangeError: order 7 is lost",
      attributes: {
        "exception.type": "RangeError",
        "exception.message": "order 7 is lost",
        "exception.stacktrace": expect.stringMatching(
          /^RangeError: order 7 is lost\n {4}at .*sentry\.test\.ts:\d+:\d+[\s\S]*\nCaused by: TypeError: the stock is gone\n {4}at /,
        ),
        "tags.region": "eu",
        "user.id": "u7",
        "user.email": "ann@example.com",
        "user.name": "ann",
        "client.address": "203.0.113.7",
        "extra.cart.items": "3",
        "contexts.order.id": "7",
        "sentry.fingerprint": '["orders","lost"]',
        "sentry.breadcrumbs": expect.stringContaining("opened the cart"),
        "sentry.event_id": expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
    expect(row.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(row.resource).toMatchObject({
      "service.version": "2.1.0",
      "deployment.environment.name": "production",
    });
  });

  it.each(["stream", "static"] as const)(
    "has its traces found, span within span: %s",
    async (traceLifecycle) => {
      await connect(traceLifecycle);
      const { traceId } = Sentry.startNewTrace(() =>
        Sentry.startSpan({ name: "POST /orders", op: "http.server" }, (root) => {
          Sentry.startSpan(
            { name: "select * from stock", op: "db.sql", attributes: { "db.system.name": "postgresql" } },
            (span) => {
              span.setStatus({ code: 2, message: "deadline_exceeded" });
            },
          );
          return root.spanContext();
        }),
      );
      await Sentry.flush(30_000);
      const spans = await poll("the trace is found", async () => {
        const response = await fetch(`${server.address}/api/v1/traces/${traceId}`);
        if (!response.ok) return undefined;
        const found = ((await response.json()) as TraceResponse).spans;
        return found.length === 2 && found;
      });
      const root = spans.find((span) => span.parentSpanId === "");
      expect(root).toMatchObject({ name: "POST /orders", kind: "Server", service: "shop" });
      expect(spans.find((span) => span.parentSpanId === root?.spanId)).toMatchObject({
        ...{ name: "select * from stock", kind: "Client", statusCode: "Error" },
        attributes: { "db.system.name": "postgresql", "sentry.op": "db.sql" },
      });
    },
  );

  it("may send attachments and sessions, which are counted, and check-ins, which are kept", async () => {
    Sentry.captureSession();
    Sentry.captureCheckIn({ monitorSlug: "nightly", status: "ok" });
    Sentry.withScope((scope) => {
      scope.addAttachment({ filename: "cart.bin", data: Buffer.alloc(1000) });
      Sentry.captureMessage("with an attachment", "info");
    });
    await Sentry.flush(30_000);
    await poll(
      "the message is found",
      async () => (await server.search('"with an attachment"')).rows.length === 1,
    );
    const metrics = await (await fetch(`${server.address}/metrics`)).text();
    expect(metrics).toMatch(/receiver="sentry".*reason="attachment"|reason="attachment".*receiver="sentry"/);
    const { rows } = await server.search('"nightly: ok"');
    expect(rows).toMatchObject([
      { level: "info", attributes: { "sentry.check_in.monitor_slug": "nightly" } },
    ]);
  });
});
