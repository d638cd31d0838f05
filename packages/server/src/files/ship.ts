import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { signalWithin } from "@polylog/engine/signal-within";
import { ERROR_CODES, type ErrorCode, PolylogError } from "../errors.ts";
import { encodeRecord } from "../formats/json/canonical.ts";
import { notStorable } from "../intake/refusal.ts";
import type { LogRecord } from "../record/record.ts";

/** Sends records to a Polylog server. */
export interface Shipper {
  /**
   * Settles when the server has committed the records. Keeps trying while the server is full, starting or
   * away.
   *
   * Rejects with the server's own error when it refuses, with `POLYLOG_E_SERVER_AWAY` when it stays away for
   * `patience`, and with the signal's reason.
   */
  send(records: readonly LogRecord[]): Promise<void>;
  /** Waits for what is on its way. */
  close(): Promise<void>;
}

export interface ShipperOptions {
  /** The server's address, such as `http://127.0.0.1:4318`; a path in it is kept. */
  readonly server: string;
  readonly token?: string | undefined;
  /** Milliseconds for which a server may be away or full before that is an error; 60,000 by default. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
  /** What the records are marked as having come by: `jsonl` unless told. */
  readonly receiver?: "file" | "run";
  readonly fetch?: typeof fetch;
  /** Called when it has to wait, once for each outage. */
  readonly onWaiting?: (reason: string) => void;
}

/**
 * Bytes of one request before compression: few enough for the server to store it as a whole (4 MiB and 20,000 records, of
 * which each takes 161 bytes at least). A larger one would be there in part when it is sent again.
 */
const MAX_REQUEST_BYTES = 3 << 20;
const FIRST_WAIT = 200;
const LONGEST_WAIT = 5000;
const ANSWER_TIMEOUT = 60_000;

const compress = promisify(gzip);

/** @example const shipper = createShipper({ server: "http://127.0.0.1:4318" }); */
export function createShipper(options: ShipperOptions): Shipper {
  const url = endpoint(options.server);
  const headers: Record<string, string> = {
    "content-type": "application/x-ndjson",
    "content-encoding": "gzip",
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    ...(options.receiver === undefined ? {} : { "polylog-receiver": options.receiver }),
  };
  const underWay = new Set<Promise<void>>();

  async function sendAll(records: readonly LogRecord[]): Promise<void> {
    const posts: Promise<void>[] = [];
    let lines: string[] = [];
    let bytes = 0;
    for (const record of records) {
      const line = encodeRecord(record);
      const size = Buffer.byteLength(line) + 1;
      if (bytes + size > MAX_REQUEST_BYTES && lines.length > 0) {
        posts.push(post(lines));
        lines = [];
        bytes = 0;
      }
      lines.push(line);
      bytes += size;
    }
    if (lines.length > 0) posts.push(post(lines));
    // Together: the store commits what comes at the same time in one go. None is left alone when another fails.
    const failed = (await Promise.allSettled(posts)).find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async function post(lines: readonly string[]): Promise<void> {
    // Level 1: on one machine compression must cost less than the copy that it saves.
    const body = await compress(lines.join("\n"), { level: 1 });
    const deadline = performance.now() + (options.patience ?? 60_000);
    let hasTold = false;
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      const failure = await attempt(body, lines.length);
      if (failure === undefined) return;
      if (failure.retryAfterSeconds === undefined || performance.now() > deadline) throw failure;
      if (!hasTold) options.onWaiting?.(failure.message);
      hasTold = true;
      const asked = failure.retryAfterSeconds * 1000;
      // Spread, so that many senders don't come back at the same moment.
      await setTimeout(Math.max(asked, wait * (0.5 + Math.random() / 2)), undefined, {
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    }
  }

  /** `undefined` when the records are committed. */
  async function attempt(body: Buffer, count: number): Promise<PolylogError | undefined> {
    options.signal?.throwIfAborted();
    let response: Response;
    let text: string;
    try {
      response = await (options.fetch ?? fetch)(url, {
        method: "POST",
        headers,
        body: new Uint8Array(body),
        redirect: "error",
        signal: signalWithin(ANSWER_TIMEOUT, ...(options.signal === undefined ? [] : [options.signal])),
      });
      text = await response.text();
    } catch (cause) {
      options.signal?.throwIfAborted();
      return away(options.server, cause);
    }
    return outcomeOf(response, text, count, options.server);
  }

  return {
    async send(records) {
      const sending = sendAll(records);
      underWay.add(sending);
      try {
        await sending;
      } finally {
        underWay.delete(sending);
      }
    },
    async close() {
      await Promise.allSettled(underWay);
    },
  };
}

function endpoint(server: string): URL {
  let url: URL;
  try {
    url = new URL(/^https?:\/\//.test(server) ? server : `http://${server}`);
  } catch (cause) {
    throw new PolylogError("POLYLOG_E_CONFIG", `"${server}" is not a server's address.`, {
      cause,
      remedy: "Give it as http://HOST:PORT.",
    });
  }
  url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/jsonl`;
  return url;
}

function away(server: string, cause: unknown): PolylogError {
  const reason = (cause as { cause?: { code?: string; message?: string } }).cause;
  const why = reason?.code ?? reason?.message ?? (cause as Error).message;
  return new PolylogError("POLYLOG_E_SERVER_AWAY", `Nothing answers at ${server} (${why}).`, {
    cause,
    remedy: "Start it with `polylog serve`, or say where it is with --server.",
    retryAfterSeconds: 0,
  });
}

/** Answers that pass: full, starting, stopping, or something between us and the server. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

function outcomeOf(
  response: Response,
  text: string,
  count: number,
  server: string,
): PolylogError | undefined {
  const answer = parseAnswer(text);
  if (response.ok && answer.accepted === count) return undefined;
  const { accepted = 0, rejected = 0 } = answer;
  if (response.ok && rejected > 0 && accepted + rejected === count) return notStorable(rejected, count);
  if (response.ok) {
    return new PolylogError(
      "POLYLOG_E_INTERNAL",
      `The server took ${answer.accepted ?? "none"} of ${count} records.`,
      { remedy: "Are the server and this program of the same version?" },
    );
  }
  const code = ERROR_CODES.find((known) => known === answer.code) ?? codeOfStatus(response.status);
  const message = answer.message ?? `${server} answered ${response.status} ${response.statusText}`.trim();
  return new PolylogError(code, message, {
    ...(answer.remedy === undefined ? {} : { remedy: answer.remedy }),
    ...(PASSING.has(response.status)
      ? { retryAfterSeconds: retryAfter(response.headers.get("retry-after")) }
      : {}),
  });
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "POLYLOG_E_UNAUTHORIZED";
  return PASSING.has(status) ? "POLYLOG_E_STORE_UNAVAILABLE" : "POLYLOG_E_BAD_REQUEST";
}

/** Seconds; a date is taken as none, since our servers don't send dates. At most a minute. */
function retryAfter(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 60) : 0;
}

interface Answer {
  readonly accepted?: number;
  readonly rejected?: number;
  readonly code?: string;
  readonly message?: string;
  readonly remedy?: string;
}

function parseAnswer(text: string): Answer {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
