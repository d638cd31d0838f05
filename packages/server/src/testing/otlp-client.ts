import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ProtobufReader } from "../receivers/otlp/protobuf/reader.ts";
import type { Answer } from "./receiver-contract.ts";

/** Clients of OTLP that send any bytes, where OpenTelemetry's own send only good ones. */

/** What an HTTP answer says. */
export interface HttpAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly retryAfter: string | null;
  readonly body: Buffer;
}

export async function postOtlp(
  url: string,
  body: Buffer,
  headers: Record<string, string> = { "content-type": "application/x-protobuf" },
): Promise<HttpAnswer> {
  const response = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    retryAfter: response.headers.get("retry-after"),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** An HTTP answer in the contract's terms. */
export function answerOfHttp({ status, type, retryAfter, body }: HttpAnswer): Answer {
  const isJson = type === "application/json";
  if (status === 200) return { kind: "accepted", rejected: isJson ? rejectedInJson(body) : rejectedIn(body) };
  if (status === 429 || status === 503) {
    return { kind: "retry", afterSeconds: retryAfter === null ? null : Number(retryAfter) };
  }
  return { kind: "refused", message: isJson ? JSON.parse(String(body)).message : String(fieldOf(body, 2)) };
}

function rejectedInJson(body: Buffer): number {
  const { partialSuccess = {} } = JSON.parse(String(body)) as { partialSuccess?: Record<string, string> };
  const { errorMessage: _message, ...counts } = partialSuccess;
  return Number(Object.values(counts)[0] ?? 0);
}

/** The count in the `partial_success` of an `Export…ServiceResponse`. */
export function rejectedIn(response: Buffer): number {
  const partial = fieldOf(response, 1);
  return partial instanceof Buffer ? Number(fieldOf(partial, 1) ?? 0) : 0;
}

/** A field of a protobuf message: its bytes or its number; undefined when it isn't there. */
export function fieldOf(message: Buffer, field: number): Buffer | number | undefined {
  const reader = new ProtobufReader(message);
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag >>> 3 !== field) reader.skip(tag, 0);
    else if ((tag & 7) === 0) return reader.readUnsigned();
    else {
      reader.enter();
      return message.subarray(reader.position, reader.end);
    }
  }
  return undefined;
}

export interface GrpcClient {
  /** Resolves with the answer's bytes, rejects with a `ServiceError`. */
  call(path: string, message: Buffer, metadata?: Record<string, string>): Promise<Buffer>;
  close(): void;
}

/** @param options of `@grpc/grpc-js`, such as a compression */
export function grpcClient(port: number, options: Record<string, number> = {}): GrpcClient {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), options);
  const asIs = (bytes: Buffer) => bytes;
  return {
    call: (path, message, headers = {}) =>
      new Promise((resolve, reject) => {
        const metadata = new Metadata();
        for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
        client.makeUnaryRequest(path, asIs, asIs, message, metadata, (error, response) => {
          if (error !== null) reject(error);
          else resolve(response ?? Buffer.alloc(0));
        });
      }),
    close: () => client.close(),
  };
}

const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

/** A gRPC error in the contract's terms. */
export function answerOfGrpcError(error: ServiceError): Answer {
  if (error.code !== RESOURCE_EXHAUSTED && error.code !== UNAVAILABLE) {
    return { kind: "refused", message: error.details };
  }
  return { kind: "retry", afterSeconds: retryDelayOf(error) };
}

/** The seconds in the `RetryInfo` among an error's details; null when there is none. */
export function retryDelayOf(error: ServiceError): number | null {
  const [status] = error.metadata.get("grpc-status-details-bin");
  let message: Buffer | number | undefined = status instanceof Buffer ? status : undefined;
  // Status.details → Any.value → RetryInfo.retry_delay → Duration.seconds
  for (const field of [3, 2, 1, 1]) {
    if (!(message instanceof Buffer)) return null;
    message = fieldOf(message, field);
  }
  return typeof message === "number" ? message : null;
}
