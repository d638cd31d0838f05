import type { AddressInfo } from "node:net";
import type { ServiceError } from "@grpc/grpc-js";
import fastify from "fastify";
import { closeApp } from "../../http/close.ts";
import {
  answerOfGrpcError,
  answerOfHttp,
  grpcClient,
  postOtlp,
  rejectedIn,
} from "../../testing/otlp-client.ts";
import { encodeLogs, encodeTraces, logsRequest, message, tracesRequest } from "../../testing/otlp-request.ts";
import { type Answer, describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { startOtlpGrpc } from "./grpc.ts";
import { registerOtlpHttp } from "./http.ts";

/** Milliseconds. */
const GRACE = 5_000;

const GRPC_LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
const GRPC_TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

const logsOf = (texts: readonly string[]) =>
  logsRequest(...texts.map((stringValue) => ({ body: { stringValue } })));
const protobufLogs = (texts: readonly string[]) => encodeLogs(logsOf(texts));
const protobufSpans = (texts: readonly string[], wrong: readonly { spanId: string }[] = []) => {
  const good = texts.map((name) => ({ name, traceId: "ab".repeat(16), spanId: "cd".repeat(8) }));
  return encodeTraces(tracesRequest(...wrong, ...good));
};

/** A log record whose time is a text. */
const BAD_LOG = message(1, message(2, message(2, message(1, Buffer.from("noon")))));
const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf" };

async function listen(context: ReceiverContext) {
  const app = fastify();
  registerOtlpHttp(app, context);
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= closeApp(app, GRACE);
    return stopped;
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

function overHttp(
  path: string,
  type: Record<string, string>,
  good: (texts: readonly string[]) => Buffer,
  partlyBad: (texts: readonly string[]) => Buffer,
) {
  return async (context: ReceiverContext): Promise<ReceiverUnderTest> => {
    const { url, stop } = await listen(context);
    const post = async (body: Buffer) => answerOfHttp(await postOtlp(url + path, body, type));
    return {
      send: (texts) => post(good(texts)),
      sendPartlyBad: (texts) => post(partlyBad(texts)),
      sendWhollyBad: () => post(Buffer.from("\x08hello")),
      stop,
    };
  };
}

function overGrpc(
  path: string,
  good: (texts: readonly string[]) => Buffer,
  partlyBad: (texts: readonly string[]) => Buffer,
) {
  return async (context: ReceiverContext): Promise<ReceiverUnderTest> => {
    const receiver = await startOtlpGrpc(context, { host: "127.0.0.1", port: 0 });
    const client = grpcClient(receiver.port);
    const call = (body: Buffer): Promise<Answer> =>
      client.call(path, body).then(
        (response) => ({ kind: "accepted", rejected: rejectedIn(response) }),
        (error: ServiceError) => answerOfGrpcError(error),
      );
    return {
      send: (texts) => call(good(texts)),
      sendPartlyBad: (texts) => call(partlyBad(texts)),
      sendWhollyBad: () => call(Buffer.from("\x08hello")),
      stop: () => receiver.stop().finally(() => client.close()),
    };
  };
}

const partlyBadLogs = (texts: readonly string[]) => Buffer.concat([BAD_LOG, protobufLogs(texts)]);
const partlyBadSpans = (texts: readonly string[]) => protobufSpans(texts, [{ spanId: "ef" }]);
const jsonLogs = (texts: readonly string[]) => Buffer.from(JSON.stringify(logsOf(texts)));
const partlyBadJson = (texts: readonly string[]) => {
  const [group] = logsOf(texts).resourceLogs;
  const bad = { scopeLogs: [{ logRecords: [{ timeUnixNano: "noon" }] }] };
  return Buffer.from(JSON.stringify({ resourceLogs: [bad, group] }));
};

describeReceiver("OTLP logs over HTTP in protobuf", {
  start: overHttp("/v1/logs", PROTOBUF_TYPE, protobufLogs, partlyBadLogs),
  saysWhen: true,
  isOnThreads: true,
});
describeReceiver("OTLP logs over HTTP in JSON", {
  start: overHttp("/v1/logs", JSON_TYPE, jsonLogs, partlyBadJson),
  saysWhen: true,
  isOnThreads: true,
});
describeReceiver("OTLP logs over gRPC", {
  start: overGrpc(GRPC_LOGS, protobufLogs, partlyBadLogs),
  saysWhen: true,
  isOnThreads: true,
});
describeReceiver("OTLP traces over HTTP in protobuf", {
  start: overHttp("/v1/traces", PROTOBUF_TYPE, protobufSpans, partlyBadSpans),
  textsIn: (intake) => intake.spans.map((span) => span.name),
  saysWhen: true,
  isOnThreads: true,
});
describeReceiver("OTLP traces over gRPC", {
  start: overGrpc(GRPC_TRACES, protobufSpans, partlyBadSpans),
  textsIn: (intake) => intake.spans.map((span) => span.name),
  saysWhen: true,
  isOnThreads: true,
});
