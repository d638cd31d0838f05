import {
  logVerbosity,
  Metadata,
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
import type { ReceiverContext } from "../receiver.ts";
import { encodeStatus, encodeSuccess, statusOf } from "./answer.ts";
import { receive } from "./receiver.ts";
import { SIGNALS, type Signal } from "./signals.ts";

export interface OtlpGrpcOptions {
  /** Name or address to listen on. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** The bearer token every call must carry in `authorization`; null (the default) when none is asked for. */
  readonly authToken?: string | null;
}

export interface OtlpGrpcReceiver {
  /** The port it listens on. */
  readonly port: number;
  /** Takes no more calls, lets those under way end, and after `grace` milliseconds (5,000) ends them. */
  stop(grace?: number): Promise<void>;
}

/** Calls that one connection may have under way. */
const MAX_STREAMS = 128;

/** Milliseconds: how often a silent connection is asked whether it is still there, and how long it may take. */
const KEEPALIVE_TIME = 60_000;
const KEEPALIVE_TIMEOUT = 20_000;

type IsAllowed = (authorization: string | undefined) => boolean;

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
  { host, port, authToken = null }: OtlpGrpcOptions,
): Promise<OtlpGrpcReceiver> {
  // It prints on stderr what bind() rejects with anyway.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    // Holds for a message as it comes and as it is inflated, so it is the smaller of the two limits.
    "grpc.max_receive_message_length": Math.min(context.limits.compressed, context.limits.decompressed),
    "grpc.max_concurrent_streams": MAX_STREAMS,
    "grpc.keepalive_time_ms": KEEPALIVE_TIME,
    "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT,
  });
  const isAllowed = authToken === null ? () => true : tokenChecker(authToken);
  for (const signal of SIGNALS)
    server.addService(serviceOf(signal), implementationOf(signal, context, isAllowed));
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

function implementationOf(
  signal: Signal,
  context: ReceiverContext,
  isAllowed: IsAllowed,
): UntypedServiceImplementation {
  return {
    Export: async (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
      try {
        if (!isAllowed(call.metadata.get("authorization")[0]?.toString())) throw unauthorized();
        const outcome = await receive(signal, "protobuf", call.request, context);
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

function unauthorized(): PolylogError {
  return new PolylogError("POLYLOG_E_UNAUTHORIZED", "This server asks for its token", {
    remedy: "Send it as metadata `authorization: Bearer TOKEN`.",
  });
}

/** The error with its `google.rpc.Status`, which says when to try again, in the metadata that gRPC has for it. */
function serviceErrorOf(error: unknown): { code: number; details: string; metadata: Metadata } {
  const status = statusOf(error);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", encodeStatus(status, "protobuf"));
  return { code: status.code, details: status.message, metadata };
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
