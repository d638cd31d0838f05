import { once } from "node:events";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DURATION_METRIC } from "./duration.ts";
import type { AerospikeInstrumentation } from "./instrumentation.ts";
import type { AerospikeClient, AerospikeModule } from "./testing/aerospike.ts";
import {
  givenServer,
  type InstrumentedClient,
  startInstrumentedClient,
} from "./testing/instrumented-client.ts";
import { describeWithClient } from "./testing/official-client.ts";
import type { CollectedTelemetry } from "./testing/telemetry.ts";

describeWithClient("the official client", (official) => {
  let instrumented: InstrumentedClient;
  let telemetry: CollectedTelemetry;
  let instrumentation: AerospikeInstrumentation;
  let Aerospike: AerospikeModule;
  let client: AerospikeClient;
  let address: string;
  let port: number;
  let set = 0;

  /** Of a set that no other test has. */
  const keyOf = (name: string, setName = `set${set}`) => new Aerospike.Key("test", setName, name);

  beforeAll(async () => {
    instrumented = await startInstrumentedClient(official);
    ({ telemetry, instrumentation, Aerospike, client, address, port } = instrumented);
  });

  afterAll(() => instrumented?.stop());

  beforeEach(() => {
    set++;
    telemetry.takeSpans();
  });

  const spanNames = () => telemetry.takeSpans().map(({ name }) => name);

  describe("spans", () => {
    test("have the attributes of a database client", async () => {
      await client.put(keyOf("a"), { name: "Alice" });
      const [span] = telemetry.takeSpans();
      expect(span).toMatchObject({
        name: `PUT test.set${set}`,
        kind: SpanKind.CLIENT,
        status: { code: SpanStatusCode.UNSET },
        instrumentationScope: { name: "@polylog/aerospike" },
      });
      expect(span!.attributes).toEqual({
        "db.system.name": "aerospike",
        "db.namespace": "test",
        "db.collection.name": `set${set}`,
        "db.operation.name": "PUT",
        "server.address": address,
        "server.port": port,
      });
    });

    test("a batch says how many keys it has, and a set only where all have the same", async () => {
      await client.batchGet([keyOf("a"), keyOf("b"), keyOf("c")]);
      await client.batchGet([keyOf("a"), keyOf("b", "elsewhere")]);
      const [same, mixed] = telemetry.takeSpans();
      expect(same!.attributes).toMatchObject({
        "db.operation.batch.size": 3,
        "db.collection.name": `set${set}`,
      });
      expect(mixed!.name).toBe("BATCH_GET test");
      expect(mixed!.attributes).not.toHaveProperty("db.collection.name");
    });

    test("have the caller's span above them, and what follows an operation has it too", async () => {
      const tracer = trace.getTracer("test");
      await tracer.startActiveSpan("request", async (request) => {
        await client.put(keyOf("a"), { a: 1 });
        await client.get(keyOf("a"));
        request.end();
      });
      const spans = telemetry.takeSpans();
      const request = spans.find(({ name }) => name === "request")!;
      const children = spans.filter((span) => span !== request);
      expect(children.map(({ name }) => name)).toEqual([`PUT test.set${set}`, `GET test.set${set}`]);
      for (const child of children) {
        expect(child.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
      }
    });

    test("callbacks run in the context of the call, and its span ends before them", async () => {
      const tracer = trace.getTracer("test");
      const request = tracer.startSpan("request");
      const inRequest = trace.setSpan(context.active(), request);
      const seen = await new Promise((resolve) => {
        context.with(inRequest, () => {
          client.put(keyOf("a"), { a: 1 }, () =>
            resolve({ active: trace.getActiveSpan(), ended: spanNames() }),
          );
        });
      });
      expect(seen).toEqual({ active: request, ended: [`PUT test.set${set}`] });
    });

    test("listeners of a stream run in the context of the call", async () => {
      await client.put(keyOf("a"), { n: 1 });
      const request = trace.getTracer("test").startSpan("request");
      const stream = context.with(trace.setSpan(context.active(), request), () =>
        client.scan("test", `set${set}`).foreach(),
      );
      const active: unknown[] = [];
      for (const event of ["data", "end"] as const) {
        stream.on(event as "end", () => active.push(event, trace.getActiveSpan()));
      }
      await once(stream as never, "end");
      expect(active).toEqual(["data", request, "end", request]);
    });

    test("a stream is one span, that counts its records", async () => {
      for (const name of ["a", "b", "c"]) await client.put(keyOf(name), { n: 1 });
      telemetry.takeSpans();
      const stream = client.query("test", `set${set}`).foreach();
      let records = 0;
      stream.on("data", () => records++);
      await once(stream as never, "end");
      expect(records).toBe(3);
      const [span, ...more] = telemetry.takeSpans();
      expect(more).toEqual([]);
      expect(span!.attributes).toMatchObject({
        "db.operation.name": "QUERY",
        "db.response.returned_rows": 3,
      });
    });

    test("an aborted stream ends its span", async () => {
      for (const name of ["a", "b", "c"]) await client.put(keyOf(name), { n: 1 });
      telemetry.takeSpans();
      const stream = client.scan("test", `set${set}`).foreach();
      stream.on("data", () => stream.abort());
      await once(stream as never, "end");
      await expect.poll(spanNames).toEqual([`SCAN test.set${set}`]);
    });
  });

  describe("failures", () => {
    test("a server's error has its name and its code, and reaches the caller unchanged", async () => {
      const thrown = await client.get(keyOf("nobody")).catch((error: unknown) => error);
      expect(thrown).toMatchObject({ name: "AerospikeError", code: 2 });
      const [span] = telemetry.takeSpans();
      expect(span!.status).toEqual({ code: SpanStatusCode.ERROR, message: (thrown as Error).message });
      expect(span!.attributes).toMatchObject({
        "error.type": "ERR_RECORD_NOT_FOUND",
        "db.response.status_code": "2",
      });
    });

    test("in the callback form too", async () => {
      const error = await new Promise((resolve) => client.get(keyOf("nobody"), resolve));
      expect(error).toMatchObject({ code: 2 });
      expect(telemetry.takeSpans()[0]!.attributes).toMatchObject({ "error.type": "ERR_RECORD_NOT_FOUND" });
    });

    test("that there is no record is no failure of exists", async () => {
      expect(await client.exists(keyOf("nobody"))).toBe(false);
      expect(telemetry.takeSpans()[0]!.status.code).toBe(SpanStatusCode.UNSET);
    });

    test("what the client refuses by itself has no server's code", async () => {
      const other = Aerospike.client({ hosts: [{ addr: address, port }], log: { level: Aerospike.log.OFF } });
      await expect(other.get(keyOf("a"))).rejects.toThrow("Not connected");
      const [span] = telemetry.takeSpans();
      expect(span!.status).toEqual({ code: SpanStatusCode.ERROR, message: "Not connected." });
      expect(span!.attributes).toMatchObject({ "error.type": "ERR_CLIENT", "db.operation.name": "GET" });
      expect(span!.attributes).not.toHaveProperty("db.response.status_code");
    });

    test.skipIf(givenServer !== undefined)(
      "any code of the server is told by the client's name for it",
      async () => {
        await expect(client.put(keyOf("a", "fail-22"), { a: 1 })).rejects.toMatchObject({ code: 22 });
        expect(telemetry.takeSpans()[0]!.attributes).toMatchObject({
          "error.type": "ERR_FAIL_FORBIDDEN",
          "db.response.status_code": "22",
        });
      },
    );

    test.skipIf(givenServer !== undefined)("a stream that fails ends its span as failed", async () => {
      const stream = client.query("test", "fail-18").foreach();
      const [error] = (await once(stream as never, "error")) as [unknown];
      expect(error).toMatchObject({ code: 18 });
      const [span] = telemetry.takeSpans();
      expect(span!.attributes).toMatchObject({ "db.response.status_code": "18" });
      expect(span!.status.code).toBe(SpanStatusCode.ERROR);
    });

    test.skipIf(givenServer !== undefined)("a timeout is one", async () => {
      await expect(
        client.get(keyOf("a", "silent"), { totalTimeout: 50, maxRetries: 0 }),
      ).rejects.toMatchObject({
        code: 9,
      });
      expect(telemetry.takeSpans()[0]!.attributes).toMatchObject({ "error.type": "ERR_TIMEOUT" });
    });

    test("what the native addon throws ends the span and is thrown", async () => {
      await expect(client.get(undefined as never)).rejects.toThrow();
      const [span] = telemetry.takeSpans();
      expect(span!.name).toBe("GET");
      expect(span!.status.code).toBe(SpanStatusCode.ERROR);
    });
  });

  describe("durations", () => {
    test("are measured in seconds, with labels of few values", async () => {
      await client.put(keyOf("a"), { a: 1 });
      await client.get(keyOf("nobody")).catch(() => {});
      const points = await telemetry.histogram(DURATION_METRIC);
      const ours = points.filter(({ attributes }) => attributes["db.collection.name"] === `set${set}`);
      const common = {
        "db.system.name": "aerospike",
        "db.namespace": "test",
        "db.collection.name": `set${set}`,
      };
      expect(ours.map(({ attributes }) => attributes)).toEqual([
        { ...common, "db.operation.name": "PUT" },
        { ...common, "db.operation.name": "GET", "error.type": "ERR_RECORD_NOT_FOUND" },
      ]);
      for (const { value } of ours) {
        expect(value.count).toBe(1);
        expect(value.sum).toBeGreaterThan(0);
        expect(value.sum).toBeLessThan(5);
        expect(value.buckets.boundaries).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]);
      }
    });
  });

  describe("switched off", () => {
    afterEach(() => instrumentation.enable());

    test("it leaves no trace of itself, and comes back", async () => {
      instrumentation.disable();
      await client.put(keyOf("a"), { a: 1 });
      expect(spanNames()).toEqual([]);
      instrumentation.enable();
      await client.put(keyOf("a"), { a: 1 });
      expect(spanNames()).toEqual([`PUT test.set${set}`]);
    });
  });
});
