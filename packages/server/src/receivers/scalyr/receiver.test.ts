import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { LogRecord } from "../../record/record.ts";
import { decodeEvents } from "./events.ts";
import { decodeLines } from "./lines.ts";
import { withQuotedStrings } from "./prefixed-strings.ts";

const NOW = 1_795_257_667_000_000_000n;

function decoded(request: unknown, isKey = (_key: string | undefined) => true): (LogRecord | null)[] {
  const body = Buffer.from(typeof request === "string" ? request : JSON.stringify(request));
  return [...decodeEvents(body, NOW, isKey)].filter((record) => record !== undefined);
}

function quoted(body: Buffer | string): string {
  const steps = withQuotedStrings(Buffer.from(body));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return String(value);
  }
}

const prefixed = (text: string, length = Buffer.byteLength(text)) => {
  const head = Buffer.from("`s\0\0\0\0");
  head.writeInt32BE(length, 2);
  return Buffer.concat([head, Buffer.from(text)]);
};
const EVENT = { ts: "1795257667123456789", sev: 4, attrs: { message: "late" } };

describe("an event", () => {
  it("becomes a record with all that it and its session hold", () => {
    const [record] = decoded({
      ...{
        token: "k",
        session: "s1",
        sessionInfo: { serverHost: "web-1", serverType: "shop" },
        client_time: 1,
      },
      ...{ threads: [{ id: "1", name: "main" }], logs: [{ id: "l1", attrs: { logfile: "/a.log" } }] },
      events: [
        {
          ...EVENT,
          thread: "1",
          log: "l1",
          type: 1,
          attrs: { message: "late", order: { id: 7 }, service: "shop" },
        },
      ],
    });
    expect(record).toMatchObject({
      ...{ timestamp: 1_795_257_667_123_456_789n, body: "late", severityNumber: 13, severityText: "warning" },
      resource: {
        ...{ host: "web-1", serviceName: "shop" },
        attributes: expect.arrayContaining([
          "serverType",
          "shop",
          "scalyr.session",
          "s1",
          "scalyr.client_time",
          "1",
        ]),
      },
      attributes: [
        ...[
          "logfile",
          "/a.log",
          "order.id",
          "7",
          "thread.id",
          "1",
          "thread.name",
          "main",
          "scalyr.type",
          "1",
        ],
      ],
    });
    expect(record!.resource.attributes.join()).not.toContain("token");
  });

  test.each([
    [0, 1, "finest"],
    [1, 3, "finer"],
    [2, 5, "fine"],
    [3, 9, "info"],
    [4, 13, "warning"],
    [5, 17, "error"],
    [6, 21, "fatal"],
    [undefined, 9, "info"],
  ])("of severity %s has level %d", (sev, severityNumber, severityText) => {
    expect(decoded({ events: [{ ...EVENT, sev }] })[0]).toMatchObject({ severityNumber, severityText });
  });

  test.each<[string, object, Record<string, unknown>]>([
    ["a severity that is none", { sev: 9 }, { severityNumber: 0, attributes: ["scalyr.sev", "9"] }],
    ["no time", { ts: undefined }, { timestamp: NOW }],
    ["a time that is none", { ts: "noon" }, { timestamp: NOW, attributes: ["scalyr.ts", "noon"] }],
    ["no message", { attrs: { a: 1 } }, { body: '{"a":1}', attributes: ["a", "1"] }],
    ["a log that isn't told", { log: "x" }, { attributes: ["log.id", "x"] }],
  ])("with %s is kept", (_, change, expected) => {
    expect(decoded({ events: [{ ...EVENT, ...change }] })[0]).toMatchObject(expected);
  });
});

test.each(["{}", "[]", "hello", '{"events":[7]}', '{"events":[{}'])("a body of %s is refused", (body) => {
  expect(() => decoded(body)).toThrow(/body/);
});

test("the token is asked for before anything is decoded", () => {
  const isKey = (key: string | undefined) => key === "right";
  expect(decoded({ events: [EVENT], token: "right" }, isKey)).toHaveLength(1);
  for (const token of ["wrong", undefined, 7])
    expect(() => decoded({ events: [7], token }, isKey)).toThrow(/token/);
});

describe("the agent's own texts", () => {
  test.each<[string, Buffer | string, string]>([
    [
      "are quoted",
      Buffer.concat([Buffer.from('{"a":'), prefixed('x"é\n'), Buffer.from("}")]),
      '{"a":"x\\"é\\n"}',
    ],
    ["may be empty", Buffer.concat([Buffer.from("["), prefixed(""), Buffer.from("]")]), '[""]'],
    ["aren't looked for within others", '{"a":"`s\\"","b":"`sssss"}', '{"a":"`s\\"","b":"`sssss"}'],
    [
      "may hold what looks like one",
      Buffer.concat([Buffer.from("["), prefixed("`sabcdef"), Buffer.from("]")]),
      '["`sabcdef"]',
    ],
  ])("%s", (_, body, text) => {
    expect(quoted(body)).toBe(text);
  });

  test.each<[string, Buffer]>([
    ["too long", prefixed("abc", 4)],
    ["negative", prefixed("abc", -1)],
    ["huge", prefixed("abc", 0x7fffffff)],
    ["cut off", Buffer.from("`s\0\0")],
  ])("with a length that is %s are refused", (_, body) => {
    expect(() => quoted(body)).toThrow(/reaches behind/);
  });
});

test("lines are read as log lines are, and say where they come from", () => {
  const body = Buffer.from("level=warn msg=late order=7\r\n\n  \nplain\n");
  const query = { token: "k", host: "web-1", logfile: "/a.log", "server-tier": "gold" };
  const records = [...decodeLines(body, { query, now: NOW })].filter((record) => record !== undefined);
  expect(records).toMatchObject([
    {
      body: "late",
      severityNumber: 13,
      attributes: ["order", "7", "logfile", "/a.log"],
      resource: { host: "web-1" },
    },
    {
      body: "plain",
      attributes: ["logfile", "/a.log"],
      resource: { attributes: ["tier", "gold", "host.name", "web-1"] },
    },
  ]);
});

test("whatever the bytes, they become records or a refusal", () => {
  const names = [
    "token",
    "events",
    "threads",
    "logs",
    "sessionInfo",
    "ts",
    "sev",
    "attrs",
    "thread",
    "log",
    "message",
    "id",
  ];
  const request = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
  const bytes = fc.oneof(
    fc
      .uint8Array()
      .map((noise) => Buffer.concat([Buffer.from('{"events":[{"attrs":{"message":`s'), Buffer.from(noise)])),
    request.map((value) => Buffer.from(JSON.stringify({ ...value, events: [EVENT, value, value.events] }))),
  );
  fc.assert(
    fc.property(bytes, (body) => {
      try {
        for (const record of decodeEvents(body, NOW, () => true)) {
          expect(record?.attributes.every((text) => typeof text === "string")).not.toBe(false);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: "POLYLOG_E_BAD_REQUEST" });
      }
    }),
    { numRuns: 1000 },
  );
});
