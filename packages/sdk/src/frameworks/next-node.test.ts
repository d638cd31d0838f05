import { once } from "node:events";
import { createServer, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import { register } from "./next.ts";
import { logRequestError, logServerRequests } from "./next-node.ts";

it("leaves the edge runtime alone", async () => {
  const emit = Server.prototype.emit;
  process.env.NEXT_RUNTIME = "edge";
  await register();
  delete process.env.NEXT_RUNTIME;
  expect(Server.prototype.emit).toBe(emit);
});

it("logs requests of servers that were there before, each once, but not those for Next.js' files", async () => {
  const { polylog, records } = isolatedPolylog();
  const server = createServer((_request, response) => {
    polylog.getLogger("page").info("inside");
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A second time, as in development after a change.
  logServerRequests({ polylog });
  logServerRequests({ polylog });

  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await fetch(`${address}/_next/static/a.js`);
  await fetch(`${address}/users/7`, { headers: { "x-request-id": "r1" } });
  const lines = () => records.filter((record) => record.logger === "http");
  await expect.poll(lines).toHaveLength(1);
  expect(lines()[0]).toMatchObject({ message: "GET /users/7 200", metadata: { requestId: "r1" } });
  expect(records.filter(({ metadata }) => metadata?.requestId === "r1")).toHaveLength(2);
  server.close();
});

it.each([
  ["of the page that answered", { match: { definition: { pathname: "/users/[id]" } } }, "/users/[id]"],
  ["but not of a page of Next.js' own", { match: { definition: { pathname: "/_not-found" } } }, undefined],
  ["unless it keeps it elsewhere", { match: 7 }, undefined],
])("logs the route %s", async (_name, meta, route) => {
  const { polylog, records } = isolatedPolylog();
  const server = createServer((request, response) => {
    Object.assign(request, { [Symbol.for("NextInternalRequestMeta")]: meta });
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const emit = Server.prototype.emit;
  Reflect.deleteProperty(Server.prototype, Symbol.for("polylog.next"));
  logServerRequests({ polylog });
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/users/7`);
  await expect.poll(() => records).toHaveLength(1);
  expect(records[0]?.metadata?.route).toBe(route);
  Server.prototype.emit = emit;
  server.close();
});

it("logs what was thrown with its route, without the query", () => {
  const { polylog, records } = isolatedPolylog();
  const error = new Error("out of order");
  const request = { method: "GET", path: "/users/7?token=secret", headers: {} };
  const where = { routerKind: "App Router", routePath: "/users/[id]", routeType: "render" };
  logRequestError(error, request, where, polylog);
  expect(records).toMatchObject([
    { level: "error", message: "GET /users/7 failed", error, metadata: { route: "/users/[id]" } },
  ]);
  expect(JSON.stringify(records)).not.toContain("secret");
});
