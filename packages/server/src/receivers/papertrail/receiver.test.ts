import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyChecker } from "../../http/access.ts";
import { createApp } from "../../http/app.ts";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { logsRequest } from "../../testing/otlp-request.ts";
import { registerHttpIntakes } from "../http-intakes.ts";

let intake: CapturingIntake;
let counts: Counts;
let app: ReturnType<typeof createApp>;
/** With all other intakes: some share its paths. */
function start(authToken: string | null): void {
  intake = capturingIntake();
  counts = {};
  const context = receiverContext(intake, { counts, isKey: keyChecker(authToken) });
  app = createApp({ authToken, log: context.log });
  registerHttpIntakes(app, context);
}
beforeEach(() => start(null));
afterEach(() => app.close());

async function post(url: string, payload: string, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: "POST", url, payload, headers });
  return response.statusCode;
}

const RFC5424 = '<11>1 2025-11-21T10:41:07.123456Z web-1 shop 4711 late [order@1 id="7"] order is late';
const RFC3164 = "<134>Nov 14 10:41:07 web-1 shop[4711]: hello";
const OCTETS = { "content-type": "application/octet-stream" };
const JSON_TYPE = { "content-type": "application/json" };

describe("POST /v1/logs", () => {
  it("takes a line of syslog with all that is in it", async () => {
    expect(await post("/v1/logs", `${RFC5424}\n`, OCTETS)).toBe(202);
    expect(intake.logs).toMatchObject([
      {
        timestamp: 1_763_721_667_123_456_000n,
        severityNumber: 17,
        severityText: "err",
        body: "order is late",
        resource: { host: "web-1", serviceName: "shop" },
      },
    ]);
    expect(intake.logs[0]!.attributes).toEqual([
      ...["process.pid", "4711", "syslog.msg.id", "late", "syslog.facility", "user"],
      ...["syslog.structured_data.order@1.id", "7"],
    ]);
  });

  it.each<[string, string, Record<string, string>, string[]]>([
    ["RFC 3164", RFC3164, OCTETS, ["hello"]],
    ["a text, as curl sends it", "hello", { "content-type": "application/x-www-form-urlencoded" }, ["hello"]],
    ["a line without a type", RFC5424, {}, ["order is late"]],
    ["a line that says it is JSON", RFC5424, JSON_TYPE, ["order is late"]],
    ["OTLP's JSON", JSON.stringify(logsRequest({ body: { stringValue: "otlp" } })), JSON_TYPE, ["otlp"]],
    ["nothing", "", OCTETS, []],
  ])("takes %s", async (_name, body, headers, texts) => {
    expect(await post("/v1/logs", body, headers)).toBeLessThan(300);
    expect(intake.logs.map((log) => log.body)).toEqual(texts);
  });

  it("is OTLP's to refuse when it is neither", async () => {
    expect(await post("/v1/logs", "hello", JSON_TYPE)).toBe(400);
    expect(counts).toEqual({ "rejected malformed": 1 });
  });
});

it("POST /v1/logs/bulk takes a line each, of any form", async () => {
  expect(await post("/v1/logs/bulk", `${RFC5424}\r\n${RFC3164}\nplain\n`, OCTETS)).toBe(202);
  expect(intake.logs.map((log) => log.body)).toEqual(["order is late", "hello", "plain"]);
});

describe("where the server has a token", () => {
  beforeEach(async () => {
    await app.close();
    start("s3cret");
  });
  const basic = `Basic ${Buffer.from(":s3cret").toString("base64")}`;
  it.each<[string, Record<string, string>, number]>([
    ["/v1/logs", { ...OCTETS, authorization: "Bearer s3cret" }, 202],
    ["/v1/logs", { ...OCTETS, authorization: basic }, 202],
    ["/v1/logs", { ...JSON_TYPE, authorization: "Bearer s3cret" }, 202],
    ["/v1/logs", OCTETS, 401],
    ["/v1/logs", JSON_TYPE, 401],
    ["/v1/logs/bulk", { ...OCTETS, authorization: "Bearer s3cret" }, 202],
    ["/v1/logs/bulk", OCTETS, 401],
    ["/bulk/s3cret", OCTETS, 200],
    ["/bulk/other", OCTETS, 401],
  ])("%s with %j is answered with %i", async (url, headers, status) => {
    expect(await post(url, RFC5424, headers)).toBe(status);
    expect(intake.logs).toHaveLength(status < 300 ? 1 : 0);
  });
});

it("any text is taken", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      expect(await post("/v1/logs", text, OCTETS)).toBe(202);
      expect(await post("/v1/logs/bulk", text, OCTETS)).toBe(202);
    }),
    { numRuns: 50 },
  );
});
