import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "./app.ts";
import type { RouteCredentials } from "./credentials.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };
let app: ReturnType<typeof createApp>;

function start(authToken: string | null, credentials?: RouteCredentials): void {
  app = createApp({ authToken, log });
  app.get("/", credentials === undefined ? {} : { config: { credentials } }, async () => "in");
}
beforeEach(() => start("s3cret"));
afterEach(() => app.close());

const inHeader: RouteCredentials = {
  keyOf: ({ headers }) => headers["x-key"]?.toString(),
  refuse: (_request, reply, fault) => reply.code(418).send(fault),
};

const get = async (headers: Record<string, string>) => {
  const { statusCode, body } = await app.inject({ url: "/", headers });
  return [statusCode, body];
};

describe("a route with credentials of its own", () => {
  beforeEach(() => start("s3cret", inHeader));

  it.each<[Record<string, string>, number, string]>([
    [{ "x-key": "s3cret" }, 200, "in"],
    [{ authorization: "Bearer s3cret" }, 200, "in"],
    [{ authorization: "Bearer other", "x-key": "s3cret" }, 200, "in"],
    [{ "x-key": "other" }, 418, "wrong"],
    [{ authorization: "Bearer other" }, 418, "wrong"],
    [{}, 418, "missing"],
    [{ "x-key": "" }, 418, "wrong"],
  ])("answers %j with %i", async (headers, status, body) => {
    expect(await get(headers)).toEqual([status, body]);
  });
});

it("a route that looks for its key in the body is let in, if its head says so", async () => {
  start("s3cret", { isInBody: ({ headers }) => headers["content-type"] === "application/json" });
  expect(await get({ "content-type": "application/json" })).toEqual([200, "in"]);
  expect((await get({ "content-type": "text/plain" }))[0]).toBe(401);
});

it("a route without credentials of its own is refused as a problem, with what to do", async () => {
  const response = await app.inject("/");
  expect(response.statusCode).toBe(401);
  expect(response.headers["www-authenticate"]).toContain("Basic");
  expect(response.json()).toMatchObject({
    code: "POLYLOG_E_UNAUTHORIZED",
    remedy: expect.stringContaining("Bearer"),
  });
});

it("any key is taken where the server has none", async () => {
  start(null, inHeader);
  expect(await get({ "x-key": "whatever" })).toEqual([200, "in"]);
  expect(await get({})).toEqual([200, "in"]);
});

it("a page that may talk to the server may send the headers it asks for", async () => {
  const headers = { origin: "http://localhost:3000", "access-control-request-headers": "x-sentry-auth" };
  const response = await app.inject({ method: "OPTIONS", url: "/", headers });
  expect([response.statusCode, response.headers["access-control-allow-headers"]]).toEqual([
    204,
    "x-sentry-auth",
  ]);
});
