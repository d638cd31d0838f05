import type { AddressInfo } from "node:net";
import fastify from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { createDecoding, type Decoding, type DecodingOptions } from "../decoding/threads.ts";
import { silentLog } from "../store/testing/store.ts";
import { capturingIntake, receiverContext } from "../testing/capturing-intake.ts";
import { answerOfHttp, postOtlp } from "../testing/otlp-client.ts";
import { registerOtlpHttp } from "./otlp/http.ts";

/** Requests that take the real decoder long, over a real server. */

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function serve(options: Partial<DecodingOptions>) {
  const decoding: Decoding = createDecoding({ threads: 1, log: silentLog, ...options });
  stops.push(() => decoding.stop());
  const intake = capturingIntake();
  const app = fastify();
  registerOtlpHttp(app, receiverContext(intake, { decoding }));
  app.get("/healthz", async () => "ok");
  await app.listen({ port: 0, host: "127.0.0.1" });
  stops.push(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  return { decoding, intake, url: `http://127.0.0.1:${port}` };
}

const JSON_TYPE = { "content-type": "application/json" };

/** As much as a body of JSON may hold: nested values, which cost most for their bytes. */
function hostile(records: number, depth: number): Buffer {
  const value = `${'{"arrayValue":{"values":['.repeat(depth)}{"stringValue":"x"}${"]}}".repeat(depth)}`;
  const attributes = Array.from({ length: 20 }, (_, n) => `{"key":"k${n}","value":${value}}`).join(",");
  const record = `{"body":{"stringValue":"x"},"attributes":[${attributes}]}`;
  const all = new Array(records).fill(record).join(",");
  return Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${all}]}]}]}`);
}

describe("a request that takes long to decode", () => {
  it("holds up no other", async () => {
    const { decoding, intake, url } = await serve({});
    // The thread is there, so that what follows is decoding alone.
    await postOtlp(`${url}/v1/logs`, hostile(100, 20), JSON_TYPE);
    const order: string[] = [];
    const heavy = postOtlp(`${url}/v1/logs`, hostile(500, 20), JSON_TYPE).then((answer) => {
      order.push("heavy");
      return answer;
    });
    // With the thread: nothing of it is left to be read.
    await expect.poll(() => decoding.statistics().underWay, { interval: 1 }).toBe(1);
    for (let i = 0; i < 3; i++) {
      expect(await (await fetch(`${url}/healthz`)).text()).toBe("ok");
      order.push("healthz");
    }
    expect(answerOfHttp(await heavy)).toEqual({ kind: "accepted", rejected: 0 });
    expect(order).toEqual(["healthz", "healthz", "healthz", "heavy"]);
    expect(intake.logs).toHaveLength(600);
  });

  it("and needs more memory than a thread has is refused, and the next one is taken", async () => {
    const { intake, url } = await serve({ heapMegabytes: 16 });
    const answer = await postOtlp(`${url}/v1/logs`, hostile(500, 20), JSON_TYPE);
    expect(answer.status).toBe(413);
    expect(String(answer.body)).toContain("The request takes too much memory to be decoded");
    const next = await postOtlp(`${url}/v1/logs`, hostile(10, 20), JSON_TYPE);
    expect(answerOfHttp(next)).toEqual({ kind: "accepted", rejected: 0 });
    expect(intake.logs).toHaveLength(10);
  });
});
