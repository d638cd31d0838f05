import { afterEach, beforeEach, expect, it } from "vitest";
import { keyChecker } from "../../http/access.ts";
import { createApp } from "../../http/app.ts";
import { type CapturingIntake, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { registerHttpIntakes } from "../http-intakes.ts";

/** The paths are shared with OTLP and others, and the key lies in the body: all of it at once. */
let intake: CapturingIntake;
let app: ReturnType<typeof createApp>;
beforeEach(async () => {
  intake = capturingIntake();
  const context = { ...receiverContext(intake), isKey: keyChecker("secret") };
  app = createApp({ authToken: "secret", log: context.log });
  registerHttpIntakes(app, context);
  await app.ready();
});
afterEach(() => app.close());

const LOGS = [{ level: "info", message: "hello" }];
const OTLP = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "hello" } }] }] }] };

it.each<[string, string, unknown, Record<string, string>, number]>([
  ["a batch with the key", "/v1/logs", { projectApiKey: "secret", logs: LOGS }, {}, 202],
  ["a batch with the key behind the entries", "/v1/logs", { logs: LOGS, projectApiKey: "secret" }, {}, 202],
  ["a batch with another key", "/v1/logs", { projectApiKey: "wrong", logs: LOGS }, {}, 401],
  ["a batch without a key", "/v1/logs", { logs: LOGS }, {}, 401],
  ["a batch with the key in its head", "/v1/logs", { logs: LOGS }, { authorization: "Bearer secret" }, 202],
  [
    "a batch with another key in its head",
    "/v1/logs",
    { projectApiKey: "secret", logs: LOGS },
    { authorization: "Bearer no" },
    401,
  ],
  ["a single entry with the key", "/v1/logs/single", { projectApiKey: "secret", log: LOGS[0] }, {}, 202],
  ["a single entry with another key", "/v1/logs/single", { projectApiKey: "wrong", log: LOGS[0] }, {}, 401],
  ["a single entry that is none", "/v1/logs/single", { projectApiKey: "secret" }, {}, 400],
  ["OTLP without a key", "/v1/logs", OTLP, {}, 401],
  ["OTLP with the key", "/v1/logs", OTLP, { authorization: "Bearer secret" }, 200],
])("answers %s", async (_, url, payload, headers, status) => {
  const response = await app.inject({
    ...{ method: "POST", url, payload: JSON.stringify(payload) },
    headers: { "content-type": "application/json", host: "localhost", ...headers },
  });
  expect(response.statusCode).toBe(status);
  expect(intake.logs.map((log) => log.body)).toEqual(status < 300 ? ["hello"] : []);
});
