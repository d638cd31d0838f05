import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { grpcClient, retryDelayOf } from "../../testing/otlp-client.ts";
import { encodeLogs, logsRequest } from "../../testing/otlp-request.ts";
import { type OtlpGrpcReceiver, startOtlpGrpc } from "./grpc.ts";

const LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
const GOOD = encodeLogs(logsRequest({ body: { stringValue: "good" } }));
const READING = { turns: 2, waiting: 8, patience: 150, duration: 60_000 };

let intake: CapturingIntake;
let counts: Counts;
let receiver: OtlpGrpcReceiver;
let session: ClientHttp2Session;

async function start(options: { authToken?: string; reading?: Partial<typeof READING> } = {}): Promise<void> {
  const context = receiverContext(intake, { counts });
  const reading = { ...READING, ...options.reading };
  receiver = await startOtlpGrpc(context, { host: "127.0.0.1", port: 0, ...options, reading });
  session = connect(`http://127.0.0.1:${receiver.port}`);
}

beforeEach(() => {
  intake = capturingIntake();
  counts = {};
});
afterEach(async () => {
  session.destroy();
  await receiver.stop(0);
});

/** A call whose message is sent as slowly as the test wants: only its headers so far. */
function open(): { stream: ClientHttp2Stream; answer: Promise<number> } {
  const stream = session.request(
    { ":method": "POST", ":path": LOGS, "content-type": "application/grpc", te: "trailers" },
    { endStream: false },
  );
  stream.on("error", () => {}); // the session's end
  stream.resume();
  const answer = new Promise<number>((resolve) => {
    const read = (headers: Record<string, unknown>) => {
      if (headers["grpc-status"] !== undefined) resolve(Number(headers["grpc-status"]));
    };
    stream.on("response", read).on("trailers", read);
  });
  return { stream, answer };
}

/** A message with its prefix. Source: gRPC over HTTP/2, "Length-Prefixed-Message". */
function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

describe("admission of gRPC calls", () => {
  it("refuses a call without the token before anything of its message is read", async () => {
    await start({ authToken: "secret" });
    expect(await open().answer).toBe(status.UNAUTHENTICATED);
  });

  it("reads no more than a window of a message that waits for its turn", async () => {
    await start({ reading: { turns: 1, patience: 60_000 } });
    const [slow, waiting] = [open(), open()];
    slow.stream.write(framed(GOOD).subarray(0, 10));
    const message = framed(Buffer.alloc(1 << 20));
    const isSent = new Promise<void>((resolve) => waiting.stream.end(message, () => resolve()));
    let sent = false;
    isSent.then(() => {
      sent = true;
    });
    for (let i = 0; i < 20; i++) await new Promise((resolve) => session.ping(resolve));
    expect(sent).toBe(false);
    slow.stream.end(framed(GOOD).subarray(10));
    await isSent;
    expect(await waiting.answer).toBe(status.INVALID_ARGUMENT);
  });

  it("asks to come again while all turns are taken, and takes the next when one ends", async () => {
    await start();
    const slow = [open(), open()];
    for (const { stream } of slow) stream.write(framed(GOOD).subarray(0, 10));
    const client = grpcClient(receiver.port);
    try {
      const refusal = await client.call(LOGS, GOOD).then(Promise.reject, (error) => error);
      expect(refusal.code).toBe(status.RESOURCE_EXHAUSTED);
      expect(retryDelayOf(refusal)).toBe(1);
      expect(counts).toEqual({ "rejected full": 1 });
      slow[0]?.stream.end(framed(GOOD).subarray(10));
      expect(await slow[0]?.answer).toBe(status.OK);
      await client.call(LOGS, GOOD);
      slow[1]?.stream.end(framed(GOOD).subarray(10));
      expect(await slow[1]?.answer).toBe(status.OK);
      expect(intake.logs).toHaveLength(3);
    } finally {
      client.close();
    }
  });

  it("lets many small calls through few turns", async () => {
    await start({ reading: { turns: 1, waiting: 64, patience: 5000 } });
    const calls = Array.from({ length: 30 }, () => {
      const call = open();
      call.stream.end(framed(GOOD));
      return call.answer;
    });
    expect(await Promise.all(calls)).toEqual(calls.map(() => status.OK));
    expect(intake.logs).toHaveLength(30);
  });

  it("takes the turn of a call that is cancelled, or that stops in the middle", async () => {
    await start({ reading: { turns: 1, patience: 5000, duration: 200 } });
    const cancelled = open();
    cancelled.stream.write(framed(GOOD).subarray(0, 10));
    const stopped = open();
    stopped.stream.write(framed(GOOD).subarray(0, 10));
    const good = open();
    good.stream.end(framed(GOOD));
    cancelled.stream.close(8);
    expect(await stopped.answer).toBe(status.INVALID_ARGUMENT);
    expect(await good.answer).toBe(status.OK);
    expect(counts).toEqual({ "rejected malformed": 1, accepted: 1 });
  });

  it("holds no turn while the store is behind", async () => {
    await start({ reading: { turns: 1 } });
    intake.hold();
    const calls = [open(), open(), open()];
    for (const { stream } of calls) stream.end(framed(GOOD));
    await expect.poll(() => intake.waiting).toBe(3);
    intake.release();
    expect(await Promise.all(calls.map(({ answer }) => answer))).toEqual(calls.map(() => status.OK));
  });
});
