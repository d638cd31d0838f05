import { hostname } from "node:os";
import raygun from "raygun";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { findAll } from "./find-all.ts";

/** Raygun's own client for Node against the whole server. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
/** The client makes batches of a hundred of them. */
const AT_ONCE = 1000;
const START = Date.UTC(2026, 10, 20, 10, 41, 7);

function clientOf(batch: boolean) {
  const { hostname: host, port } = new URL(server.address);
  const client = new raygun.Client().init({
    ...{ apiKey: "key", host, port: Number(port), useSSL: false, batch, innerErrorFieldName: "cause" },
    // Milliseconds. Its default is five seconds, which a busy machine may need for all batches at once.
    ...{ reportUncaughtExceptions: false, timeout: 60_000 },
  });
  client.setVersion("2.1.0");
  return client;
}

it("raygun, in batches: all errors are found again, with time, severity, text and fields", async () => {
  const client = clientOf(true);
  for (let start = 0; start < RECORDS; start += AT_ONCE) {
    const sent = Array.from({ length: AT_ONCE }, (_, at) => {
      const i = start + at;
      const parameters = {
        customData: { order: { id: i } },
        tags: ["orders", "eu"],
        timestamp: new Date(START + i),
      };
      return client.send(new RangeError(`order ${i} is lost`), parameters);
    });
    await Promise.all(sent);
  }

  const rows = await findAll(server, "receiver:raygun", RECORDS);
  expect(rows.map((row) => row.attributes["custom.order.id"])).toEqual(
    Array.from({ length: RECORDS }, (_, i) => String(i)),
  );
  expect(rows[7]).toMatchObject({
    ...{ timestamp: "2026-11-20T10:41:07.007000000Z", level: "error", body: "order 7 is lost" },
    ...{ host: hostname(), runtime: "node" },
    attributes: {
      "exception.type": "RangeError",
      "exception.message": "order 7 is lost",
      "exception.stacktrace": expect.stringMatching(
        /^RangeError: order 7 is lost\n {4}at .*raygun\.test\.ts:\d+/,
      ),
      tags: '["orders","eu"]',
    },
    resource: { "service.version": "2.1.0", "telemetry.sdk.name": "raygun-node" },
  });
}, 180_000);

it("raygun, one by one: the chain of errors, the user and the environment are kept", async () => {
  const client = clientOf(false);
  const error = new Error("checkout failed", { cause: new TypeError("the stock is gone") });
  await client.send(error, {
    userInfo: { identifier: "u7", email: "ann@example.com", fullName: "Ann Smith" },
  });
  const [row] = await findAll(server, '"checkout failed"', 1);
  expect(row).toMatchObject({
    body: "checkout failed",
    attributes: {
      "user.id": "u7",
      "user.email": "ann@example.com",
      "user.full_name": "Ann Smith",
      "exception.stacktrace": expect.stringContaining("\nCaused by: TypeError: the stock is gone\n    at "),
      "environment.architecture": process.arch,
    },
  });
});
