import {
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  setLogVerbosity,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { PolylogError } from "../../errors.ts";
import { tokenChecker } from "../../http/access.ts";
import { listenError } from "../../http/listen-error.ts";
import { createReadingTurns, type ReadingLimits } from "../../intake/reading-turns.ts";
import { reasonOf } from "../../intake/refusal.ts";
import type { ReceiverContext } from "../receiver.ts";
import { encodeSuccess } from "./answer.ts";
import { addressOf, admission, serviceErrorOf } from "./grpc-admission.ts";
import { receive } from "./receiver.ts";
import { RECEIVER, SIGNALS, type Signal } from "./signals.ts";

export interface OtlpGrpcOptions {
  /** Name or address to listen on. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** The bearer token every call must carry in `authorization`; null (the default) when none is asked for. */
  readonly authToken?: string | null;
  readonly reading?: Partial<ReadingLimits>;
}

export interface OtlpGrpcReceiver {
  /** The port it listens on. */
  readonly port: number;
  /** Takes no more calls, lets those under way end, and after `grace` milliseconds (5,000) ends them. */
  stop(grace?: number): Promise<void>;
}

/** Calls that one connection may have under way. */
const MAX_STREAMS = 32;

/** Bytes of one message, as it comes and as it is inflated. Senders know gRPC's usual limit, which is 4 MiB. */
const MAX_MESSAGE_BYTES = 16 << 20;

/**
 * Each message that arrives may take twice {@link MAX_MESSAGE_BYTES} (its parts and the whole, or the whole and
 * what is inflated of it), together 256 MiB. One that waits takes a window of HTTP/2, 64 KiB. SDKs wait ten
 * seconds for an answer, so they hear in time that they shall come again.
 */
const READING_LIMITS: ReadingLimits = { turns: 8, waiting: 1024, patience: 5_000, duration: 60_000 };

/** Milliseconds: how often a silent connection is asked whether it is still there, and how long it may take. */
const KEEPALIVE_TIME = 60_000;
const KEEPALIVE_TIMEOUT = 20_000;

/**
 * OTLP over gRPC, for logs and traces (metrics are answered as not kept). Messages are taken as bytes, so no
 * .proto file is needed.
 *
 * Source: OTLP specification, "OTLP/gRPC".
 *
 * Rejects with `POLYLOG_E_PORT_IN_USE`, or `POLYLOG_E_CONFIG` when it can't listen there for another reason.
 *
 * @example
 * const receiver = await startOtlpGrpc(context, { host: "127.0.0.1", port: 4317 });
 * await receiver.stop();
 */
export async function startOtlpGrpc(
  context: ReceiverContext,
  { host, port, authToken = null, reading = {} }: OtlpGrpcOptions,
): Promise<OtlpGrpcReceiver> {
  // It prints on stderr what bind() rejects with anyway.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    "grpc.max_receive_message_length": Math.min(
      MAX_MESSAGE_BYTES,
      context.limits.compressed,
      context.limits.decompressed,
    ),
    "grpc.max_concurrent_streams": MAX_STREAMS,
    "grpc.keepalive_time_ms": KEEPALIVE_TIME,
    "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT,
    interceptors: [
      admission({
        isAllowed: authToken === null ? () => true : tokenChecker(authToken),
        turns: createReadingTurns({ ...READING_LIMITS, ...reading }),
        onRefusal: (error) => context.counters.rejected(RECEIVER, 1, reasonOf(error)),
      }),
    ],
  });
  for (const signal of SIGNALS) server.addService(serviceOf(signal), implementationOf(signal, context));
  const bound = await bind(server, host, port);
  return { port: bound, stop: (grace = 5_000) => stop(server, grace) };
}

function serviceOf(signal: Signal): ServiceDefinition {
  const asIs = (bytes: Buffer) => bytes;
  return {
    Export: {
      path: signal.grpcPath,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  };
}

function implementationOf(signal: Signal, context: ReceiverContext): UntypedServiceImplementation {
  return {
    Export: async (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
      try {
        const outcome = await receive(signal, "protobuf", call.request, context, addressOf(call.getPeer()));
        callback(null, encodeSuccess(signal, outcome, "protobuf"));
      } catch (error) {
        if (!(error instanceof PolylogError)) {
          context.log.error("an OTLP call failed", { path: signal.grpcPath, error: String(error) });
        }
        callback(serviceErrorOf(error));
      }
    },
  };
}

function bind(server: Server, host: string, port: number): Promise<number> {
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(listenError(error, codeOfBindError(error), { host, port, flag: "--grpc-port" }));
    });
  });
}

/** The system's code, which grpc-js only has in its text. */
function codeOfBindError({ message }: Error): string | undefined {
  if (message.includes("Name resolution failed")) return "ENOTFOUND";
  return /\b(?:EADDRINUSE|EACCES|EADDRNOTAVAIL)\b/.exec(message)?.[0];
}

function stop(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, grace);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
