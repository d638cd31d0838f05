import { PolylogError } from "../../errors.ts";
import type { LogRecord } from "../../logger/record.ts";
import type { Problems } from "../../problems.ts";
import { createDelivery, type DeliverySettings, type Protocol } from "../delivery/delivery.ts";
import { checkedEndpoint } from "../delivery/endpoint.ts";
import { judgeStatus } from "../delivery/judge.ts";
import type { RecordSink } from "../sink.ts";
import { sinkProblems } from "../sink-problems.ts";
import { entryOf } from "./entry.ts";

/** Where an HTTP sink sends, and how. Times are in milliseconds. */
export interface HttpSinkOptions {
  /** Key of the project. */
  readonly apiKey: string;
  /** Address of the server; https, unless it is on this machine. @defaultValue `http://localhost:4318` */
  readonly endpoint?: string | undefined;
  /** @defaultValue `production` */
  readonly environment?: string | undefined;
  /** For records that are in no trace, such as an id of this run. */
  readonly traceId?: string | undefined;
  /** How long records below `error` wait for others to go with them. @defaultValue 5000 */
  readonly flushInterval?: number | undefined;
  /** Records that may wait; beyond it the oldest are dropped and counted. @defaultValue 1000 */
  readonly maxQueueSize?: number | undefined;
  /** Further tries of a request when the server can't be reached or says 408, 429 or 5xx. @defaultValue 5 */
  readonly retries?: number | undefined;
  /** Takes http to other machines too. The key then travels in the clear. @defaultValue false */
  readonly allowInsecureEndpoint?: boolean | undefined;
  /** How long an answer may take. @defaultValue 10000 */
  readonly timeout?: number | undefined;
  /** How long `flush` and `close` wait for a server that takes nothing. @defaultValue 10000 */
  readonly flushTimeout?: number | undefined;
  /** How long the end of the process may be held up to bring out the last records; 0 drops them. @defaultValue 5000 */
  readonly exitTimeout?: number | undefined;
  /** Not used for what is sent at the very end: that is done by another process. @defaultValue the global one */
  readonly fetch?: typeof fetch | undefined;
  readonly problems?: Problems | undefined;
}

/** Records that the server takes in one request. */
const BATCH = 100;
/** Errors on their way at once. */
const PARALLEL_ERRORS = 4;

/** Errors on the client's side stay, however often it tries; save these two. */
const isPassing = (status: number): boolean => status >= 500 || status === 429 || status === 408;

/**
 * Sends records to Auralogs or a Polylog server: those below `error` in batches to `/v1/logs`, errors at once and by
 * themselves to `/v1/logs/single`. A request that fails is sent again with growing pauses, after what `Retry-After`
 * says if it says something. What is still there when the process ends is sent by a child process that is waited for.
 * Nothing here keeps a process alive.
 *
 * @throws PolylogError `POLYLOG_E_ENDPOINT` for an address that may not be used, `POLYLOG_E_CONFIG` for no key
 * @example
 * configure({ sinks: { cloud: httpSink({ apiKey, endpoint: "https://logs.example.com", environment: "production" }) } });
 */
export function httpSink(options: HttpSinkOptions): RecordSink {
  const { apiKey, fetch = globalThis.fetch } = options;
  if (typeof apiKey !== "string" || apiKey === "") {
    throw new PolylogError("POLYLOG_E_CONFIG", "httpSink: the apiKey is missing", {
      remedy:
        "Give the project's key as apiKey; init() and the default sinks take it from POLYLOG_API_KEY too.",
    });
  }
  const { href } = checkedEndpoint(
    "httpSink",
    options.endpoint ?? "http://localhost:4318",
    options.allowInsecureEndpoint ?? false,
  );
  const base = href.replace(/\/+$/, "");
  const defaults = { environment: options.environment ?? "production", traceId: options.traceId };
  const settings: DeliverySettings = {
    maxQueueSize: options.maxQueueSize ?? 1_000,
    maxBatchSize: BATCH,
    flushInterval: options.flushInterval ?? 5_000,
    retries: options.retries ?? 5,
    timeout: options.timeout ?? 10_000,
    flushTimeout: options.flushTimeout ?? 10_000,
    exitTimeout: options.exitTimeout ?? 5_000,
    isCompressed: false,
    parallel: 1,
  };
  const world = {
    fetch,
    random: Math.random,
    problems: sinkProblems(options.problems),
    // Both wait for the same server.
    exitTime: { left: settings.exitTimeout },
  };

  const key = JSON.stringify(apiKey);
  const protocol = (path: string, bodyOf: (entries: readonly string[]) => string): Protocol<string> => ({
    encode: (entries) => ({
      url: `${base}${path}`,
      headers: { "content-type": "application/json" },
      body: `{"projectApiKey":${key},${bodyOf(entries)}}`,
    }),
    judge: (answer) => judgeStatus(answer, isPassing),
    sizeOf: (entry) => entry.length,
  });
  const batched = createDelivery(
    "httpSink",
    protocol("/v1/logs", (entries) => `"logs":[${entries.join(",")}]`),
    settings,
    world,
  );
  // In a queue of their own: a flood of errors doesn't push out what led to it, nor the other way round.
  const single = createDelivery(
    "httpSink",
    protocol("/v1/logs/single", ([entry]) => `"log":${entry}`),
    { ...settings, maxBatchSize: 1, flushInterval: 0, parallel: PARALLEL_ERRORS },
    world,
  );

  return {
    writeRecord(record: LogRecord) {
      const isUrgent = record.level === "error" || record.level === "fatal";
      (isUrgent ? single : batched).push(entryOf(record, defaults));
    },
    async flush() {
      await Promise.all([single.flush(), batched.flush()]);
    },
    flushSync(isEnding) {
      single.flushSync(isEnding);
      batched.flushSync(isEnding);
    },
    async close(isReplaced) {
      await Promise.all([single.close(isReplaced), batched.close(isReplaced)]);
    },
    get dropped() {
      return single.dropped + batched.dropped;
    },
  };
}
