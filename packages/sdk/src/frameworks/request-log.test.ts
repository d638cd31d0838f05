import { describe, expect, it } from "vitest";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import {
  createRequestLog,
  type Outcome,
  pathOf,
  type RequestHead,
  type RequestLogOptions,
} from "./request-log.ts";

const OK: Outcome = { status: 200, route: undefined, bytes: undefined, aborted: false };

function setUp(options: RequestLogOptions = {}) {
  const { polylog, records } = isolatedPolylog();
  return { records, polylog, log: createRequestLog(polylog, options) };
}

function headOf(headers: Record<string, string> = {}, path = "/users/7"): RequestHead {
  return { method: "GET", path, header: (name) => headers[name] };
}

describe("the id of a request", () => {
  it.each([
    ["one of ours", "2f1d7a0e-5d5e-4a52-8a53-0a1f4a3f2d11", true],
    ["another maker's", "Root=1-67891233-abcdef012345678912345678/@x+y.z:1", true],
    ["128 characters", "a".repeat(128), true],
    ["too long", "a".repeat(129), false],
    ["empty", "", false],
    ["blanks", "a b", false],
    ["two headers", "a, b", false],
    ["a line break", "a\nb", false],
    ["markup", "<script>", false],
    ["other letters", "ідентифікатор", false],
  ])("%s", (_, given, isKept) => {
    const { log } = setUp({ createRequestId: () => "made" });
    expect(log.begin(headOf({ "x-request-id": given })).id).toBe(isKept ? given : "made");
  });

  it("is a UUID when the request brings none", () => {
    expect(setUp().log.begin(headOf()).id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  });

  it("is taken from the header that is named", () => {
    const { log } = setUp({ requestIdHeader: "X-Amzn-Trace-Id" });
    expect(log.begin(headOf({ "x-amzn-trace-id": "Root=1-2" })).id).toBe("Root=1-2");
  });
});

describe("the line of a request", () => {
  it.each([
    ["200", OK, undefined, "info"],
    ["304", { ...OK, status: 304 }, undefined, "info"],
    ["400", { ...OK, status: 400 }, undefined, "warn"],
    ["404 that was thrown", { ...OK, status: 404 }, new Error("x"), "warn"],
    ["500", { ...OK, status: 500 }, undefined, "error"],
    ["thrown after the head was sent", OK, new Error("x"), "error"],
    ["the client left", { ...OK, status: undefined, aborted: true }, undefined, "warn"],
    ["the client left a failure", { ...OK, status: 503, aborted: true }, undefined, "error"],
  ] as const)("%s", (_, outcome, error, level) => {
    const { log, records } = setUp();
    const open = log.begin(headOf());
    if (error !== undefined) open.fail(error);
    open.end(outcome);
    expect(records.map((record) => [record.level, record.error])).toEqual([[level, error]]);
  });

  it("tells what is known", () => {
    const { log, records } = setUp();
    log.begin(headOf({ "x-request-id": "r1" })).end({ ...OK, route: "/users/:id", bytes: 12 });
    expect(records[0]?.logger).toBe("http");
    expect(records[0]?.message).toBe("GET /users/7 200");
    expect(records[0]?.metadata).toEqual({
      requestId: "r1",
      method: "GET",
      path: "/users/7",
      route: "/users/:id",
      status: 200,
      bytes: 12,
      durationMs: expect.any(Number),
    });
  });

  it("says that the client left", () => {
    const { log, records } = setUp();
    log.begin(headOf()).end({ ...OK, status: undefined, aborted: true });
    expect(records[0]?.message).toBe("GET /users/7 client left");
    expect(records[0]?.metadata).toMatchObject({ aborted: true });
    expect(records[0]?.metadata).not.toHaveProperty("status");
  });

  it("comes once", () => {
    const { log, records } = setUp();
    const open = log.begin(headOf());
    open.end(OK);
    open.end({ ...OK, aborted: true });
    expect(records).toHaveLength(1);
  });

  it("is left out for what is ignored", () => {
    const { log, records } = setUp({ ignore: ({ path }) => path === "/health" });
    log.begin(headOf({}, "/health")).end(OK);
    log.begin(headOf()).end(OK);
    expect(records.map((record) => record.metadata?.path)).toEqual(["/users/7"]);
  });

  it("stays short when the path doesn't", () => {
    const { log, records } = setUp();
    log.begin(headOf({}, `/${"x".repeat(60_000)}`)).end(OK);
    expect(records[0]?.message.length).toBeLessThan(1_100);
    expect(String(records[0]?.metadata?.path)).toHaveLength(1_025);
  });
});

describe("the context of a request", () => {
  it("goes with all that is logged in it, later too", async () => {
    const { log, records, polylog } = setUp({ context: (head) => ({ tenant: head.header("x-tenant") }) });
    const open = log.begin(headOf({ "x-request-id": "r1", "x-tenant": "acme" }));
    await open.run(async () => {
      await new Promise(setImmediate);
      polylog.getLogger("app").info("inside");
    });
    open.end(OK);
    for (const record of records) {
      expect(record.metadata).toMatchObject({ requestId: "r1", tenant: "acme" });
    }
    expect(records).toHaveLength(2);
  });

  it("can't take the place of the request's id", () => {
    const { log, records } = setUp({ context: () => ({ requestId: "forged" }) });
    log.begin(headOf({ "x-request-id": "r1" })).end(OK);
    expect(records[0]?.metadata?.requestId).toBe("r1");
  });
});

it("options that throw harm no request", () => {
  const throwing = (): never => {
    throw new Error("mistake");
  };
  const { log, records } = setUp({ context: throwing, ignore: throwing, createRequestId: throwing });
  const open = log.begin(headOf());
  expect(open.run(() => "answer")).toBe("answer");
  open.end(OK);
  expect(records.map(({ message }) => message)).toEqual([
    "the option createRequestId of requestLog threw",
    "the option context of requestLog threw",
    "the option ignore of requestLog threw",
    "GET /users/7 200",
  ]);
});

it.each([
  ["/users/7", "/users/7"],
  ["/users/7?token=secret", "/users/7"],
  ["/users#a", "/users"],
  ["http://example.com/users?x=1", "/users"],
  ["*", "*"],
  ["", "/"],
  [undefined, "/"],
])("the path of %s is %s", (target, path) => {
  expect(pathOf(target)).toBe(path);
});
