import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { ServiceError } from "@grpc/grpc-js";
import { compressionAlgorithms, status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { type GrpcClient, grpcClient, rejectedIn, retryDelayOf } from "../../testing/otlp-client.ts";
import { encodeLogs, logsRequest, message } from "../../testing/otlp-request.ts";
import { type OtlpGrpcOptions, type OtlpGrpcReceiver, startOtlpGrpc } from "./grpc.ts";

const LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
const METRICS = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
const GOOD = encodeLogs(logsRequest({ body: { stringValue: "good" } }));
const LIMITS = { compressed: 1 << 20, decompressed: 1 << 20 };

let intake: CapturingIntake;
let counts: Counts;
let receiver: OtlpGrpcReceiver;
const clients: GrpcClient[] = [];

async function start(options: Partial<OtlpGrpcOptions> = {}): Promise<OtlpGrpcReceiver> {
  const context = receiverContext(intake, { counts, limits: LIMITS });
  return startOtlpGrpc(context, { host: "127.0.0.1", port: 0, ...options });
}

function client(options: Record<string, number> = {}): GrpcClient {
  const made = grpcClient(receiver.port, options);
  clients.push(made);
  return made;
}

beforeEach(() => {
  intake = capturingIntake();
  counts = {};
});
afterEach(async () => {
  for (const made of clients.splice(0)) made.close();
  await receiver.stop(0);
});

describe("OTLP over gRPC", () => {
  const gzip = { "grpc.default_compression_algorithm": compressionAlgorithms.gzip };
  const refused: [string, Buffer, Record<string, number>, code: number, says: RegExp][] = [
    ["text", Buffer.from("hello"), {}, status.INVALID_ARGUMENT, /protobuf at byte/],
    [
      "a message over the limit",
      Buffer.alloc(LIMITS.decompressed + 1),
      {},
      status.RESOURCE_EXHAUSTED,
      /larger than/,
    ],
    [
      "a message that inflates over the limit",
      Buffer.alloc(64 << 20),
      gzip,
      status.RESOURCE_EXHAUSTED,
      /larger than/,
    ],
  ];
  it.each(refused)("refuses %s for good, and takes the next", async (_name, body, options, code, says) => {
    receiver = await start();
    const error: ServiceError = await client(options)
      .call(LOGS, body)
      .then(Promise.reject, (reason) => reason);
    expect(error).toMatchObject({ code, details: expect.stringMatching(says) });
    expect(retryDelayOf(error)).toBeNull();
    await client().call(LOGS, GOOD);
    expect(intake.logs.map((log) => log.body)).toEqual(["good"]);
  });

  it("answers metrics as rejected in part", async () => {
    receiver = await start();
    const gauge = message(5, message(1, Buffer.alloc(0)));
    expect(rejectedIn(await client().call(METRICS, message(1, message(2, message(2, gauge)))))).toBe(1);
    expect(counts).toEqual({ "rejected metrics_not_stored": 1 });
  });

  it("does not know other services", async () => {
    receiver = await start();
    const call = client().call(
      "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export",
      GOOD,
    );
    await expect(call).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it.each([
    ["no token", {}, status.UNAUTHENTICATED],
    ["a wrong token", { authorization: "Bearer wrong" }, status.UNAUTHENTICATED],
    ["its token", { authorization: "Bearer secret" }, undefined],
  ])("which asks for a token answers %s", async (_name, metadata, code) => {
    receiver = await start({ authToken: "secret" });
    const outcome = await client()
      .call(LOGS, GOOD, metadata)
      .catch((error: ServiceError) => error.code);
    expect(outcome).toEqual(code ?? Buffer.alloc(0));
    expect(intake.logs).toHaveLength(code === undefined ? 1 : 0);
  });

  it("ends calls that outlast the grace it is stopped with", async () => {
    receiver = await start();
    intake.hold();
    const call = client().call(LOGS, GOOD);
    const outcome = call.catch((error: ServiceError) => error.code);
    await expect.poll(() => intake.waiting).toBe(1);
    await receiver.stop(10);
    expect([status.UNAVAILABLE, status.CANCELLED, status.INTERNAL]).toContain(await outcome);
    intake.release();
  });

  it("listens on IPv6", async () => {
    receiver = await start({ host: "::1" });
    expect(receiver.port).toBeGreaterThan(0);
  });

  it("says which port is taken, in the same words as HTTP, and prints nothing of its own", async () => {
    receiver = await start();
    const printed = vi.spyOn(console, "error");
    await expect(start({ port: receiver.port })).rejects.toMatchObject({
      code: "POLYLOG_E_PORT_IN_USE",
      message: `Port ${receiver.port} on 127.0.0.1 is in use.`,
      remedy: expect.stringContaining("--grpc-port 0"),
      port: receiver.port,
    });
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  it("says so when another program has its port", async () => {
    receiver = await start();
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toMatchObject({ code: "POLYLOG_E_PORT_IN_USE", port });
    other.close();
  });

  it.each(["192.0.2.1", "no-such-name.invalid"])(
    "says so when this machine has no address %s",
    async (host) => {
      receiver = await start();
      await expect(start({ host })).rejects.toMatchObject({
        code: "POLYLOG_E_CONFIG",
        message: `This machine has no address ${host}.`,
      });
    },
  );
});
