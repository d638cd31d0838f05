import type { LogRecord } from "../../packages/sdk/src/logger/record.ts";
import { httpSink } from "../../packages/sdk/src/sinks/http/http-sink.ts";
import { grpcClient, rejectedIn } from "../../packages/server/src/testing/otlp-client.ts";
import { encodeLogs, logsRequest } from "../../packages/server/src/testing/otlp-request.ts";
import type { Random } from "../random.ts";
import type { Ledger } from "./ledger.ts";
import { payloadOf } from "./payload.ts";

/** Where a server listens. */
export interface Endpoints {
  /** `http://127.0.0.1:4318` */
  readonly http: string;
  readonly grpcPort: number;
}

/** Sends records as some client would. */
export interface Writer {
  readonly name: string;
  /** Sends records in one request, or several; each is told to the ledger, and so is its success. */
  write(ids: readonly string[]): Promise<boolean>;
  close(): Promise<void>;
}

/** Milliseconds that a request may take. */
const PATIENCE = 20_000;
const EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
/** The attributes by which records are found again. */
const ID = "oracle_id";
const REQUEST = "oracle_request";
const ROUND = "oracle_round";

/** @param round what all records of a round have in common */
export function createWriters(endpoints: Endpoints, ledger: Ledger, round: string): readonly Writer[] {
  return [
    jsonlWriter(endpoints, ledger, round),
    otlpHttpWriter(endpoints, ledger, round),
    otlpGrpcWriter(endpoints, ledger, round),
    sdkWriter(endpoints, ledger, round),
  ];
}

/** A writer whose `write` is one request. */
function requestWriter(
  name: string,
  ledger: Ledger,
  send: (ids: readonly string[], request: string) => Promise<boolean>,
  close: () => void = () => {},
): Writer {
  return {
    name,
    async write(ids) {
      const request = ledger.sending(ids);
      const isTaken = await send(ids, request).catch(() => false);
      if (isTaken) ledger.acknowledged(request);
      return isTaken;
    },
    close: async () => close(),
  };
}

function jsonlWriter({ http }: Endpoints, ledger: Ledger, round: string): Writer {
  return requestWriter("jsonl", ledger, async (ids, request) => {
    const body = jsonLines(ids, request, round);
    const answer = await fetch(`${http}/v1/jsonl`, {
      method: "POST",
      body,
      signal: AbortSignal.timeout(PATIENCE),
    });
    const { accepted } = (await answer.json()) as { accepted?: number };
    return answer.status === 200 && accepted === ids.length;
  });
}

export function jsonLines(ids: readonly string[], request: string, round: string): string {
  return ids
    .map((id) => {
      const marks = { [ID]: id, [REQUEST]: request, [ROUND]: round };
      return JSON.stringify({ level: "info", message: payloadOf(id), ...marks });
    })
    .join("\n");
}

function otlpHttpWriter({ http }: Endpoints, ledger: Ledger, round: string): Writer {
  return requestWriter("otlp-http", ledger, async (ids, request) => {
    const answer = await fetch(`${http}/v1/logs`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body: new Uint8Array(otlpRequest(ids, request, round)),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return answer.status === 200 && rejectedIn(bytes) === 0;
  });
}

function otlpGrpcWriter({ grpcPort }: Endpoints, ledger: Ledger, round: string): Writer {
  // Its own patience between two connections would outlast a round.
  const client = grpcClient(grpcPort, {
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 300,
  });
  return requestWriter(
    "otlp-grpc",
    ledger,
    async (ids, request) => {
      const call = client.call(EXPORT, otlpRequest(ids, request, round));
      const bytes = await within(PATIENCE, call);
      return rejectedIn(bytes) === 0;
    },
    () => client.close(),
  );
}

function otlpRequest(ids: readonly string[], request: string, round: string): Buffer {
  const time = `${Date.now()}000000`;
  const records = ids.map((id) => ({
    timeUnixNano: time,
    severityNumber: 9,
    body: { stringValue: payloadOf(id) },
    attributes: [
      { key: ID, value: { stringValue: id } },
      { key: REQUEST, value: { stringValue: request } },
      { key: ROUND, value: { stringValue: round } },
    ],
  }));
  return encodeLogs(logsRequest(...records));
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), milliseconds);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** The SDK's own sink, which tries again by itself: each of its requests is told to the ledger. */
function sdkWriter({ http }: Endpoints, ledger: Ledger, round: string): Writer {
  const sink = httpSink({
    apiKey: "oracle",
    endpoint: http,
    flushInterval: 10,
    retries: 3,
    timeout: PATIENCE,
    flushTimeout: PATIENCE,
    problems: { tell() {} } as never,
    async fetch(input, init) {
      const plain = String(init?.body);
      const ids = [...plain.matchAll(/"oracle_id":"([^"]+)"/g)].map((match) => match[1]!);
      const request = ledger.sending(ids);
      const body = plain.replaceAll(`"${ID}":`, `"${REQUEST}":"${request}","${ID}":`);
      const answer = await fetch(input, { ...init, body });
      if (answer.ok) {
        const { rejected = 0 } = (await answer.clone().json()) as { rejected?: number };
        if (rejected === 0) ledger.acknowledged(request);
      }
      return answer;
    },
  });
  return {
    name: "sdk",
    async write(ids) {
      const dropped = sink.dropped ?? 0;
      for (const [at, id] of ids.entries()) sink.writeRecord(recordOf(id, round, at % 10 === 0));
      await sink.flush?.();
      return sink.dropped === dropped;
    },
    close: async () => sink.close?.(),
  };
}

/** Errors go by another way than the rest. */
function recordOf(id: string, round: string, isError: boolean): LogRecord {
  return {
    time: Date.now(),
    level: isError ? "error" : "info",
    logger: "oracle",
    message: payloadOf(id),
    system: "node",
    metadata: { [ID]: id, [ROUND]: round },
    error: undefined,
    context: undefined,
    trace: undefined,
    appId: undefined,
  };
}

interface WritingOptions {
  readonly ledger: Ledger;
  readonly random: Random;
  /** Records of one request in ten, at most. */
  readonly largest: number;
  readonly signal: AbortSignal;
}

/** Writes until it is told to stop: requests of different sizes, some of them again when they fail. */
export async function keepWriting(
  writer: Writer,
  { ledger, random, largest, signal }: WritingOptions,
): Promise<void> {
  while (!signal.aborted) {
    const ids = ledger.take(1 + random.below(random.once(10) ? largest : 30));
    for (let tries = 1 + random.below(3); tries > 0 && !signal.aborted; tries--) {
      if (await writer.write(ids)) break;
      // A connection that is refused is refused at once.
      await pause(100 + random.below(400), signal);
    }
    await pause(random.below(40), signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
