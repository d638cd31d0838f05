import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../http/app.ts";
import { type CapturingIntake, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { registerText } from "./receiver.ts";

let intake: CapturingIntake;
let app: ReturnType<typeof createApp>;
beforeEach(() => {
  intake = capturingIntake();
  const context = receiverContext(intake);
  app = createApp({ authToken: null, log: context.log });
  registerText(app, context);
});
afterEach(() => app.close());

async function post(payload: string | Buffer, { query = "", headers = {} } = {}) {
  const response = await app.inject({ method: "POST", url: `/v1/text${query}`, payload, headers });
  return { status: response.statusCode, ...(response.json() as object) };
}

describe("POST /v1/text", () => {
  it("reads lines as they stand in a log file, with their stack traces", async () => {
    const lines = [
      "2025-11-21 10:41:07,123 ERROR shop.orders - order failed",
      "java.lang.IllegalStateException: no stock",
      "\tat shop.Orders.place(Orders.java:7)",
      "2025-11-21 10:41:08,000 INFO shop.orders - next",
    ];
    expect(await post(lines.join("\n"), { query: "?service=shop&host=web-1" })).toEqual({
      status: 200,
      accepted: 2,
    });
    expect(intake.logs).toMatchObject([
      {
        timestamp: 1_763_721_667_123_000_000n,
        severityNumber: 17,
        body: "order failed",
        resource: { serviceName: "shop", host: "web-1" },
      },
      { severityNumber: 9, body: "next" },
    ]);
    expect(intake.logs[0]!.attributes).toEqual([
      ...["exception.type", "java.lang.IllegalStateException", "exception.message", "no stock"],
      ...["exception.stacktrace", lines.slice(1, 3).join("\n")],
    ]);
  });

  it("takes times to be in the zone that is given", async () => {
    await post("2025-11-21 10:41:07 hello", { query: "?zone=Europe/Berlin" });
    expect(intake.logs).toMatchObject([{ timestamp: 1_763_718_067_000_000_000n }]);
  });

  it("refuses a zone that there isn't", async () => {
    expect(await post("hello", { query: "?zone=Mars/Olympus" })).toMatchObject({
      status: 400,
      message: expect.stringContaining("Mars/Olympus"),
    });
  });

  it("takes what is said of all lines from headers, too", async () => {
    await post("hello", { headers: { "polylog-service": "shop" } });
    expect(intake.logs).toMatchObject([{ resource: { serviceName: "shop" } }]);
  });

  it("cuts what is over a MiB of a line, and says how much", async () => {
    await post("x".repeat((1 << 20) + 7));
    expect(intake.logs[0]!.attributes).toEqual(["polylog.truncated_bytes", "7"]);
  });

  it("replaces what isn't UTF-8", async () => {
    await post(Buffer.from([0x68, 0xff, 0x69]));
    expect(intake.logs).toMatchObject([{ body: "h\ufffdi" }]);
  });

  it("takes any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (bytes) => {
        expect(await post(Buffer.from(bytes))).toMatchObject({ status: 200 });
      }),
      { numRuns: 50 },
    );
  });
});
