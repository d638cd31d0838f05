import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { LogRecord } from "../../record/record.ts";
import { decodeAuralogs } from "./decoder.ts";

const NOW = 1_795_257_667_000_000_000n;
const TRACE = "0af7651916cd43dd8448eb211c80319c";

function decode(request: unknown, isKey = (_key: string | undefined) => true): (LogRecord | null)[] {
  const body = Buffer.from(typeof request === "string" ? request : JSON.stringify(request));
  return [...decodeAuralogs(body, NOW, isKey)].filter((record) => record !== undefined);
}

const ENTRY = {
  ...{ level: "warn", message: "order 7 is late", environment: "production" },
  timestamp: "2026-11-21T10:41:07.123Z",
};

describe("an entry", () => {
  it("becomes a record with all that it holds", () => {
    const stackTrace = "OrderError: lost\n    at lose (shop.js:1:1)";
    const metadata = { order: 7, user: { id: "u1" }, tags: ["a"], service: "shop" };
    const [record] = decode({
      projectApiKey: "k",
      logs: [{ ...ENTRY, metadata, stackTrace, traceId: TRACE, extra: 1 }],
    });
    expect(record).toMatchObject({
      ...{ timestamp: 1_795_257_667_123_000_000n, observedTimestamp: NOW, body: "order 7 is late" },
      ...{ severityNumber: 13, severityText: "warn", traceId: TRACE },
      resource: {
        serviceName: "shop",
        attributes: expect.arrayContaining(["deployment.environment.name", "production"]),
      },
      attributes: [
        ...["exception.type", "OrderError", "exception.message", "lost", "exception.stacktrace", stackTrace],
        ...["order", "7", "user.id", "u1", "tags", '["a"]', "extra", "1"],
      ],
    });
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["an unknown level", { level: "loud" }, { severityNumber: 0, severityText: "loud" }],
    ["no time", { timestamp: undefined }, { timestamp: NOW, attributes: [] }],
    ["a time that is none", { timestamp: "noon" }, { timestamp: NOW, attributes: ["timestamp", "noon"] }],
    [
      "a trace id that is none",
      { traceId: "request-1" },
      { traceId: "", attributes: ["trace_id", "request-1"] },
    ],
    ["a message that is no text", { message: { a: 1 } }, { body: '{"a":1}' }],
  ])("with %s is kept", (_, change, expected) => {
    expect(decode({ projectApiKey: "k", log: { ...ENTRY, ...change } })[0]).toMatchObject(expected);
  });
});

test.each([
  ["an entry without a message", { logs: [{ level: "info" }, ENTRY] }, [null, expect.anything()]],
  ["an entry that is no object", { logs: [7, ENTRY] }, [null, expect.anything()]],
  ["no entries", { logs: [] }, []],
])("takes a request with %s", (_, request, records) => {
  expect(decode(request)).toEqual(records);
});

test.each([["hello"], ["{}"], ['{"logs":7}'], ['{"logs":[{}]}'], ['{"logs":[{}'], ["[]"]])(
  "refuses %s",
  (body) => {
    expect(() => decode(body)).toThrow(/body is/);
  },
);

test("the key is asked for before anything is decoded", () => {
  const isKey = (key: string | undefined) => key === "right";
  expect(decode({ logs: [ENTRY], projectApiKey: "right" }, isKey)).toHaveLength(1);
  for (const projectApiKey of ["wrong", undefined, 7]) {
    expect(() => decode({ logs: [7], projectApiKey }, isKey)).toThrow(/token/);
  }
});

test("whatever an entry holds, it becomes a record or nothing", () => {
  const name = fc.constantFrom(
    ...["level", "message", "timestamp", "metadata", "stackTrace", "traceId", "environment", "x"],
  );
  fc.assert(
    fc.property(fc.array(fc.dictionary(name, fc.jsonValue())), (logs) => {
      const records = decode({ logs: [ENTRY, ...logs] });
      expect(records).toHaveLength(logs.length + 1);
      for (const record of records)
        expect(record?.attributes.every((text) => typeof text === "string")).not.toBe(false);
    }),
  );
});
