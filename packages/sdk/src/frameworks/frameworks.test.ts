import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import express from "express";
import Fastify, { LogController } from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Logger } from "../logger/logger.ts";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import * as forExpress from "./express.ts";
import * as forFastify from "./fastify.ts";
import * as forHono from "./hono.ts";
import * as forHttp from "./http.ts";
import * as forKoa from "./koa.ts";
import type { RequestLogOptions } from "./request-log.ts";
import { loadExpress4 } from "./testing/express4/load.mjs";

/**
 * The same small application in each framework: `/users/:id` logs and answers, `/broken` throws, `/hangs` never
 * answers, all else is not there.
 */
type Application = (options: RequestLogOptions, log: Logger) => Promise<Server> | Server;

const later = () => new Promise<void>((resolve) => setImmediate(resolve));

/** @param broken fails as the release's handlers do */
function expressApplication(framework: typeof express, broken: express.RequestHandler): Application {
  return (options, log) => {
    const app = framework();
    app.use(forExpress.requestLog(options));
    const users = framework.Router();
    users.post("/:id", framework.json(), async (request, response) => {
      await later();
      log.info("found", { user: request.params.id });
      response.json({ id: request.params.id });
    });
    app.use("/users", users);
    app.get("/broken", broken);
    app.get("/hangs", () => {
      log.info("hangs");
    });
    app.use(forExpress.errorLog());
    const isSilent: express.ErrorRequestHandler = (_error, _request, response, _next) => {
      response.status(500).end();
    };
    app.use(isSilent);
    return createServer(app);
  };
}

const APPLICATIONS: Readonly<Record<string, Application>> = {
  express: expressApplication(express, async () => {
    await later();
    throw new Error("out of order");
  }),

  // It doesn't know promises: errors reach it by `next` alone.
  "express 4": expressApplication(await loadExpress4(), (_request, _response, next) => {
    setImmediate(() => next(new Error("out of order")));
  }),

  async fastify(options, log) {
    const app = Fastify({
      loggerInstance: forFastify.fastifyLogger(options.polylog ? { polylog: options.polylog } : {}),
      genReqId: forFastify.requestId,
      logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    });
    app.register(forFastify.requestLog, options);
    app.post<{ Params: { id: string } }>("/users/:id", async (request) => {
      await later();
      log.info("found", { user: request.params.id });
      return { id: request.params.id };
    });
    app.get("/broken", async () => {
      await later();
      throw new Error("out of order");
    });
    app.get("/hangs", () => {
      log.info("hangs");
      return new Promise(() => {});
    });
    await app.ready();
    return app.server;
  },

  koa(options, log) {
    const app = new Koa();
    app.silent = true;
    app.use(forKoa.requestLog({ ...options, route: (context: Koa.Context) => context.state.route }));
    app.use(async (context) => {
      const user = /^\/users\/([\w-]+)$/.exec(context.path)?.[1];
      if (user !== undefined) {
        context.state.route = "/users/:id";
        await later();
        log.info("found", { user });
        context.body = { id: user };
      } else if (context.path === "/broken") {
        context.state.route = "/broken";
        await later();
        throw new Error("out of order");
      } else if (context.path === "/hangs") {
        log.info("hangs");
        await new Promise(() => {});
      }
    });
    return createServer(app.callback());
  },

  hono(options, log) {
    const app = new Hono();
    app.use(forHono.requestLog(options));
    app.post("/users/:id", async (context) => {
      await context.req.text();
      await later();
      log.info("found", { user: context.req.param("id") });
      return context.json({ id: context.req.param("id") });
    });
    app.get("/broken", async () => {
      await later();
      throw new Error("out of order");
    });
    app.get("/hangs", async () => {
      log.info("hangs");
      return new Promise<Response>(() => {});
    });
    app.onError((_error, context) => context.text("", 500));
    return serve({ fetch: app.fetch, port: 0 }) as Server;
  },
};

const { polylog, records } = isolatedPolylog();
beforeEach(() => {
  records.length = 0;
});

const lines = () => records.filter((record) => record.logger === "http");
const line = async () => {
  await expect.poll(lines).toHaveLength(1);
  return lines()[0]!;
};

describe.each(Object.entries(APPLICATIONS))("%s", (_, application) => {
  let server: Server;
  let address: string;
  beforeAll(async () => {
    server = await application({ polylog }, polylog.getLogger("app"));
    if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("logs a request, and what is logged in it carries its context", async () => {
    const response = await fetch(`${address}/users/7?token=secret`, {
      method: "POST",
      body: JSON.stringify({ name: "x".repeat(90_000) }),
      headers: {
        "content-type": "application/json",
        "x-request-id": "r1",
      },
    });
    const body = await response.text();

    const { level, message, metadata } = await line();
    expect(level).toBe("info");
    expect(message).toBe("POST /users/7 200");
    expect(metadata).toMatchObject({ requestId: "r1", route: "/users/:id", status: 200 });
    if (metadata?.bytes !== undefined) expect(metadata.bytes).toBe(body.length);

    const inside = records.find((record) => record.logger === "app");
    expect(inside?.metadata).toMatchObject({ requestId: "r1", user: "7" });
    expect(JSON.stringify(records)).not.toContain("secret");
  });

  it("carries the context past a body that comes late", async () => {
    const body = JSON.stringify({ name: "x".repeat(10_000) });
    const headers = {
      "content-type": "application/json",
      "content-length": body.length,
      "x-request-id": "r2",
    };
    const request = httpRequest(`${address}/users/7`, { method: "POST", headers });
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    const began = once(server, "request");
    request.write(body.slice(0, 100));
    await began;
    request.end(body.slice(100));
    (await answered)[0].resume();
    await line();
    expect(records.map(({ metadata }) => metadata?.requestId)).toEqual(["r2", "r2"]);
  });

  it("gives each of many requests at once its own context", async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `id-${i}`);
    const post = (id: string) =>
      fetch(`${address}/users/${id}`, { method: "POST", headers: { "x-request-id": id } });
    await Promise.all(ids.map(async (id) => (await post(id)).text()));
    await expect.poll(lines).toHaveLength(40);
    const inside = records.filter((record) => record.logger === "app");
    expect(inside.map(({ metadata }) => metadata?.requestId).sort()).toEqual([...ids].sort());
    for (const { metadata } of inside) expect(metadata?.requestId).toBe(metadata?.user);
  });

  it("warns of what is not there, without a route", async () => {
    await (await fetch(`${address}/nowhere`)).text();
    const { level, metadata } = await line();
    expect(level).toBe("warn");
    expect(metadata).toMatchObject({ status: 404, path: "/nowhere" });
    expect(metadata).not.toHaveProperty("route");
  });

  it("logs an error with its stack", async () => {
    await (await fetch(`${address}/broken`)).text();
    const { level, error, metadata } = await line();
    expect(level).toBe("error");
    expect(metadata).toMatchObject({ status: 500, route: "/broken" });
    expect((error as Error).stack).toMatch(/out of order\n\s+at .*frameworks\.test\.ts/);
  });

  it("says that a client left", async () => {
    const request = httpRequest(`${address}/hangs`).end();
    request.on("error", () => {});
    await expect.poll(() => records.some((record) => record.message === "hangs")).toBe(true);
    request.destroy();
    const { level, message, metadata } = await line();
    expect(level).toBe("warn");
    expect(message).toBe("GET /hangs client left");
    expect(metadata).toMatchObject({ aborted: true });
  });

  it("makes an id of its own when the one it is given is hostile", async () => {
    await (
      await fetch(`${address}/nowhere`, { headers: { "x-request-id": `"}${"x".repeat(5_000)}` } })
    ).text();
    expect((await line()).metadata?.requestId).toMatch(/^[\da-f-]{36}$/);
  });
});

it("a handler of node:http is wrapped as it is", async () => {
  const server = createServer(
    forHttp.requestLog((_request, response) => response.writeHead(204).end(), { polylog }),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect((await line()).metadata).toMatchObject({ status: 204, path: "/" });
  server.close();
});

it("Hono's app.request in tests is logged without a server", async () => {
  const app = new Hono();
  app.use(forHono.requestLog({ polylog }));
  app.get("/users/:id", (context) => context.text("hello"));
  await app.request("/users/7", { headers: { "x-request-id": "r1" } });
  expect((await line()).metadata).toMatchObject({ requestId: "r1", route: "/users/:id", status: 200 });
});

it.each([
  ["5", express],
  ["4", await loadExpress4()],
])("a router of Express %s that is mounted at a parameter is named by it", async (_version, framework) => {
  const app = framework();
  app.use(forExpress.requestLog({ polylog }));
  const users = framework.Router({ mergeParams: true });
  users.get("/:id", (_request, response) => {
    response.end();
  });
  app.use("/tenants/:tenant/users", users);
  const server = createServer(app);
  await once(server.listen(0, "127.0.0.1"), "listening");
  // The user's id is the tenant's too, and a part of the path.
  for (const path of ["/tenants/a%20b/users/7", "/tenants/users/users/users"]) {
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  }
  await expect.poll(lines).toHaveLength(2);
  expect(lines().map(({ metadata }) => metadata?.route)).toEqual([
    "/tenants/:tenant/users/:id",
    "/tenants/:tenant/users/:id",
  ]);
  server.close();
});

it.each([
  ["/all/7", "/all/:id"],
  ["/shop/all/7", "/shop/all/:id"],
  ["/guarded/7", undefined],
])(
  "Hono: %s, by app.all, by a mounted application and by middleware alone, has the route %s",
  async (path, route) => {
    const app = new Hono();
    app.use(forHono.requestLog({ polylog }));
    const shop = new Hono();
    shop.onError((_error, context) => context.text("", 500));
    shop.use(async (_context, next) => next());
    shop.all("/all/:id", (context) => context.text("hello"));
    app.all("/all/:id", (context) => context.text("hello"));
    app.route("/shop", shop);
    app.use("/guarded/*", async (_context, next) => next());
    await app.request(path);
    expect((await line()).metadata?.route).toBe(route);
  },
);
