import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { LogRecord } from "../../record/record.ts";
import { decodeItem, NOW, pairsOf, SPAN, TRACE } from "./testing/decode-item.ts";

function event(payload: unknown, header?: object) {
  const [record] = decodeItem("event", payload, header) as LogRecord[];
  const { attributes, resource, ...rest } = record!;
  return {
    ...rest,
    attributes: pairsOf(attributes),
    resource: { ...resource, attributes: pairsOf(resource.attributes) },
  };
}

const frame = (name: string, lineno: number) => ({
  function: name,
  filename: "shop.py",
  abs_path: "/app/shop.py",
  lineno,
});

describe("an event", () => {
  it("with a chain of errors has the last one for its exception, and all of them in its stack", () => {
    const values = [
      { type: "KeyError", value: "7", stacktrace: { frames: [frame("main", 1), frame("find", 2)] } },
      { type: "OrderError", value: "order 7 is lost", stacktrace: { frames: [frame("main", 3)] } },
    ];
    expect(event({ platform: "python", exception: { values } })).toMatchObject({
      ...{ body: "OrderError: order 7 is lost", severityNumber: 17, severityText: "error" },
      attributes: {
        "exception.type": "OrderError",
        "exception.message": "order 7 is lost",
        "exception.stacktrace":
          'Traceback (most recent call last):\n  File "/app/shop.py", line 1, in main\n  File "/app/shop.py", line 2, in find\nKeyError: 7' +
          "\n\nThe above exception was the direct cause of the following exception:\n\n" +
          'Traceback (most recent call last):\n  File "/app/shop.py", line 3, in main\nOrderError: order 7 is lost',
        "sentry.exception": JSON.stringify(values),
      },
      resource: { runtime: "python" },
    });
  });

  test.each<[string, unknown]>([
    ["a list", [{ type: "E", value: "no" }]],
    ["one by itself", { type: "E", value: "no" }],
    ["an object of values", { values: [{ type: "E", value: "no" }] }],
  ])("may have its errors as %s", (_, exception) => {
    expect(event({ exception }).attributes).toMatchObject({
      "exception.type": "E",
      "exception.message": "no",
    });
  });

  test.each<[string, object, string]>([
    ["a text", { message: "hello" }, "hello"],
    [
      "a formatted text",
      { logentry: { message: "hello %s", params: ["you"], formatted: "hello you" } },
      "hello you",
    ],
    ["a template alone", { logentry: { message: "hello %s", params: ["you"] } }, "hello %s"],
    ["the old form", { message: { formatted: "hello you" } }, "hello you"],
    ["a text beside an error", { message: "hello", exception: [{ type: "E" }] }, "hello"],
    ["an error without a value", { exception: [{ type: "E" }] }, "E"],
    ["feedback", { contexts: { feedback: { message: "it hangs" } } }, "it hangs"],
    ["nothing but a transaction", { transaction: "GET /" }, "GET /"],
  ])("with %s for a message has a body", (_, payload, body) => {
    expect(event(payload).body).toBe(body);
  });

  test.each<[string, unknown, Record<string, string>]>([
    ["an object", { a: "b", n: 1 }, { "tags.a": "b", "tags.n": "1" }],
    ["pairs", [["a", "b"]], { "tags.a": "b" }],
    ["keys and values", [{ key: "a", value: "b" }], { "tags.a": "b" }],
  ])("may have its tags as %s", (_, tags, expected) => {
    expect(event({ tags }).attributes).toMatchObject(expected);
  });

  it("keeps time, host, service, trace, user, request and all the rest", () => {
    const payload = {
      ...{
        event_id: "ab",
        timestamp: "2026-11-21T10:41:07.123Z",
        level: "warning",
        logger: "shop.orders",
        message: "late",
      },
      ...{
        server_name: "web-1",
        release: "shop@2.1.0",
        environment: "production",
        dist: "7",
        platform: "csharp",
      },
      contexts: { trace: { trace_id: TRACE, span_id: SPAN, op: "task" }, os: { name: "Linux" } },
      user: { id: 7, username: "ann", ip_address: "203.0.113.7", data: { plan: "gold" } },
      request: {
        url: "https://shop.example/",
        method: "POST",
        query_string: "a=b",
        headers: { Host: "shop.example" },
      },
      ...{ extra: { cart: { items: 3 } }, fingerprint: ["a"], modules: { left: "1" }, unheard_of: { a: 1 } },
      breadcrumbs: { values: [{ message: "clicked" }] },
    };
    expect(event(payload, { sdk: { name: "sentry.dotnet", version: "5" } })).toMatchObject({
      ...{
        timestamp: 1_795_257_667_123_000_000n,
        observedTimestamp: NOW,
        severityNumber: 13,
        severityText: "warning",
      },
      ...{ traceId: TRACE, spanId: SPAN, scope: { name: "shop.orders" } },
      resource: {
        ...{ host: "web-1", serviceName: "shop", runtime: "dotnet" },
        attributes: {
          ...{ "service.version": "2.1.0", "deployment.environment.name": "production", "sentry.dist": "7" },
          ...{
            "telemetry.sdk.name": "sentry.dotnet",
            "sentry.project": "42",
            "sentry.release": "shop@2.1.0",
          },
        },
      },
      attributes: {
        ...{ "contexts.trace.op": "task", "contexts.os.name": "Linux", "user.id": "7", "user.name": "ann" },
        ...{ "client.address": "203.0.113.7", "user.data.plan": "gold", "url.full": "https://shop.example/" },
        ...{ "http.request.method": "POST", "url.query": "a=b", "http.request.header.Host": "shop.example" },
        ...{ "extra.cart.items": "3", "sentry.fingerprint": '["a"]', "sentry.modules": '{"left":"1"}' },
        ...{
          "sentry.unheard_of": '{"a":1}',
          "sentry.breadcrumbs": '[{"message":"clicked"}]',
          "sentry.event_id": "ab",
        },
      },
    });
  });

  it("without a time has that of its envelope", () => {
    expect(event({ message: "a" }, { sent_at: "2026-11-21T10:41:07.123Z" }).timestamp).toBe(
      1_795_257_667_123_000_000n,
    );
    expect(event({ message: "a" }).timestamp).toBe(NOW);
  });

  it("without an error keeps the stack that it was made in", () => {
    const stacktrace = { frames: [frame("main", 1)] };
    const threads = { values: [{ id: 1 }, { id: 2, current: true, stacktrace }] };
    expect(event({ message: "a", threads }).attributes).toMatchObject({
      ...{ "code.stacktrace": "at main (/app/shop.py:1)", "sentry.threads": JSON.stringify(threads.values) },
    });
  });
});

test("a log is kept with its attributes, its level and its trace", () => {
  const log = {
    ...{ timestamp: 1795257667.123, level: "warn", severity_number: 14, body: "late", trace_id: TRACE },
    attributes: {
      order: { value: 7, type: "integer" },
      "server.address": { value: "web-1", type: "string" },
      "sentry.trace.parent_span_id": { value: SPAN, type: "string" },
    },
  };
  expect(decodeItem("log", { items: [log] })).toMatchObject([
    {
      ...{ timestamp: 1_795_257_667_123_000_000n, severityNumber: 14, severityText: "warn", body: "late" },
      ...{ traceId: TRACE, spanId: SPAN, attributes: ["order", "7"], resource: { host: "web-1" } },
    },
  ]);
});

test("a user's report is kept as a record", () => {
  expect(decodeItem("user_report", { event_id: "ab", email: "a@b.c", comments: "it hangs" })).toMatchObject([
    {
      body: "it hangs",
      eventName: "user_report",
      attributes: ["sentry.user_report.event_id", "ab", "sentry.user_report.email", "a@b.c"],
    },
  ]);
});

test("a job's check-in is kept as a record, an error where the job failed", () => {
  const checkIn = {
    ...{ check_in_id: "cd".repeat(16), monitor_slug: "nightly", status: "error", duration: 2.5 },
    ...{ release: "shop@2.1.0", environment: "production", contexts: { trace: { trace_id: TRACE } } },
  };
  expect(decodeItem("check_in", checkIn)).toMatchObject([
    {
      ...{ body: "nightly: error", eventName: "check_in", severityNumber: 17, traceId: TRACE },
      resource: { serviceName: "shop" },
      attributes: expect.arrayContaining(["sentry.check_in.duration", "2.5"]),
    },
  ]);
  expect(decodeItem("check_in", { ...checkIn, status: "ok" })).toMatchObject([{ severityNumber: 9 }]);
});

test.each([
  ["event", "oops", /can't be read/],
  ["log", 7, /can't be read/],
  ["transaction", {}, /can't be read/],
  ["event", { message: "x".repeat(1 << 20) }, /larger than 1048576 bytes/],
])("an envelope with nothing but a bad %s is refused", (type, payload, why) => {
  expect(() => decodeItem(type, payload)).toThrow(why);
});

test("whatever an item holds, it becomes records or a refusal", () => {
  const names = [
    ...[
      "exception",
      "message",
      "logentry",
      "tags",
      "contexts",
      "user",
      "request",
      "breadcrumbs",
      "threads",
      "timestamp",
    ],
    ...[
      "trace",
      "spans",
      "trace_id",
      "span_id",
      "items",
      "values",
      "stacktrace",
      "frames",
      "attributes",
      "data",
      "body",
    ],
    ...["measurements", "links", "status", "level", "release", "sdk", "value", "type"],
  ];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.jsonValue({ maxDepth: 1 }),
      tie("object"),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
    object: fc.dictionary(fc.constantFrom(...names), tie("tree"), { maxKeys: 6 }),
  }));
  const type = fc.constantFrom(
    ...["event", "transaction", "log", "span", "feedback", "user_report", "check_in"],
  );
  fc.assert(
    fc.property(type, tree, (type, payload) => {
      try {
        for (const record of decodeItem(type, payload)) {
          expect(record?.attributes.every((text) => typeof text === "string")).not.toBe(false);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: "POLYLOG_E_BAD_REQUEST" });
      }
    }),
    { numRuns: 2000 },
  );
});
