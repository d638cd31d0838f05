import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { decodeEntries } from "./entries.ts";

const NOW = 1_795_257_667_000_000_000n;

const decoded = (body: unknown) =>
  [
    ...decodeEntries(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)), { now: NOW }),
  ].filter((record) => record !== undefined);

const pairs = (flat: readonly string[]) =>
  Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, at) => flat.slice(at * 2, at * 2 + 2)));

const frame = (methodName: string, lineNumber: number | null, className = "unknown") => ({
  ...{ methodName, lineNumber, className, fileName: lineNumber === null ? null : "/app/shop.js" },
});

describe("an entry", () => {
  const error = {
    ...{ className: "OrderError", message: "order 7 is lost", data: { order: 7 } },
    stackTrace: [frame("Shop.lose", 3, "Shop"), frame("[anonymous]", 1), frame("next", null)],
    innerError: { className: "IOError", message: "disk", stackTrace: [frame("read", 9, "Disk")] },
  };
  const entry = {
    ...{ occurredOn: "2026-11-21T10:41:07.123Z", more: 1 },
    details: {
      ...{
        machineName: "web-1",
        version: "2.1.0",
        client: { name: "raygun-node", version: "2.2.8", url: "x" },
        error,
      },
      ...{
        tags: ["a"],
        userCustomData: { cart: { items: 3 } },
        user: { identifier: "u7", email: "a@b.c", uuid: "1" },
      },
      request: {
        hostName: "shop",
        url: "/",
        httpMethod: "GET",
        ipAddress: "10.0.0.1",
        queryString: { q: "1" },
        headers: { Host: "shop" },
      },
      ...{
        groupingKey: "k",
        correlationId: null,
        breadcrumbs: [{ message: "clicked" }],
        environment: { cpu: "x" },
        unheard: 1,
      },
    },
  };

  it("becomes a record with all that it holds", () => {
    const [record] = decoded(entry);
    expect(record).toMatchObject({
      ...{ timestamp: 1_795_257_667_123_000_000n, observedTimestamp: NOW, body: "order 7 is lost" },
      ...{ severityNumber: 17, severityText: "ERROR", resource: { host: "web-1", runtime: "node" } },
    });
    expect(pairs(record!.resource.attributes)).toMatchObject({
      ...{
        "service.version": "2.1.0",
        "telemetry.sdk.name": "raygun-node",
        "telemetry.sdk.version": "2.2.8",
        "raygun.client.url": "x",
      },
    });
    expect(pairs(record!.attributes)).toEqual({
      ...{
        "exception.type": "OrderError",
        "exception.message": "order 7 is lost",
        "raygun.error": JSON.stringify(error),
      },
      "exception.stacktrace":
        "OrderError: order 7 is lost\n    at Shop.lose (/app/shop.js:3)\n    at /app/shop.js:1\n    at next (<unknown>)" +
        "\nCaused by: IOError: disk\n    at Disk.read (/app/shop.js:9)",
      ...{
        tags: '["a"]',
        "custom.cart.items": "3",
        "user.id": "u7",
        "user.email": "a@b.c",
        "user.uuid": "1",
      },
      ...{
        "server.address": "shop",
        "url.path": "/",
        "http.request.method": "GET",
        "client.address": "10.0.0.1",
      },
      ...{ "request.queryString.q": "1", "http.request.header.Host": "shop", "raygun.grouping_key": "k" },
      ...{
        breadcrumbs: '[{"message":"clicked"}]',
        "environment.cpu": "x",
        "raygun.unheard": "1",
        "raygun.more": "1",
      },
    });
  });

  test.each<[string, object, Record<string, unknown>]>([
    ["no message", { details: { error: { className: "E" } } }, { body: "E" }],
    ["no time", { details: { error: { message: "a" } } }, { timestamp: NOW }],
    [
      "a time that is none",
      { occurredOn: "noon", details: { error: { message: "a" } } },
      { attributes: expect.arrayContaining(["raygun.occurredOn", "noon"]) },
    ],
    [
      "many causes",
      { details: { error: { message: "a", innerErrors: [{ message: "b" }] } } },
      { attributes: expect.arrayContaining(["a\nCaused by: b"]) },
    ],
  ])("with %s is kept", (_, body, expected) => {
    expect(decoded(body)[0]).toMatchObject(expected);
  });
});

test.each(["{}", '{"details":{}}', "[{}]", "[7]", "hello", '{"details":{"error":{}}'])(
  "a body of %s is refused",
  (body) => {
    expect(() => decoded(body)).toThrow(/body/);
  },
);

test("good entries are kept beside bad ones, and an empty list is no fault", () => {
  expect(decoded([{}, { details: { error: { message: "a" } } }])).toEqual([
    null,
    expect.objectContaining({ body: "a" }),
  ]);
  expect(decoded([])).toEqual([]);
});

test.each<[string, object, boolean]>([
  ["is told by its stack alone", { stackTrace: [frame("f", 1)], innerError: { message: "b" } }, false],
  ["has data of its own", { data: 1 }, true],
  ["has data in a call", { stackTrace: [{ ...frame("f", 1), raw: "x" }] }, true],
  ["has data in a cause", { innerError: { message: "b", data: 1 } }, true],
  ["has a cause that is none", { innerError: "b" }, true],
  ["has a stack that is none", { stackTrace: "at f" }, true],
])("an error that %s is kept as JSON only where something would be lost", (_, more, isKept) => {
  const [record] = decoded({ details: { error: { message: "a", ...more } } });
  expect(record!.attributes.includes("raygun.error")).toBe(isKept);
});

test("a chain of causes that never ends is followed so far", () => {
  let error: object = { message: "last" };
  for (let i = 0; i < 1000; i++) error = { message: "m", innerError: error };
  expect(decoded([{ details: { error } }])).toHaveLength(1);
});

test("whatever an entry holds, it becomes a record or nothing", () => {
  const name = fc.constantFrom(
    ...["message", "className", "stackTrace", "innerError", "user", "request", "client", "tags"],
  );
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.jsonValue()),
      fc.dictionary(name, fc.jsonValue()),
      (details, error) => {
        const [record] = decoded([{ details: { ...details, error } }]);
        expect(record!.attributes.every((text) => typeof text === "string")).toBe(true);
      },
    ),
  );
});
