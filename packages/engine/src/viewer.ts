import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { type ClickHouseSettings, parseError } from "@clickhouse/client";
import { type ClientOptions, QUESTION_SETTINGS } from "./client.ts";
import { EngineError } from "./errors.ts";
import { formatParameter } from "./parameter.ts";

/** A statement that only reads. */
export interface Question {
  /** With its `FORMAT`. */
  readonly query: string;
  /** Values that the statement names: `{name:Type}`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly settings?: ClickHouseSettings;
  /** Bytes that the answer may have. @defaultValue any number */
  readonly maxBytes?: number;
}

/** The user who asks on behalf of people, and may only read. */
export interface Viewer {
  /**
   * The whole answer, as bytes. An abort ends the question in the engine too.
   *
   * Rejects with ClickHouse's own error when it fails, or with an {@link EngineError}: `…_UNAVAILABLE`, or
   * `…_ANSWER_TOO_LARGE`.
   */
  ask(question: Question, signal?: AbortSignal): Promise<Buffer>;
}

/** A viewer's own connections to one server. */
export interface ViewerConnections extends Viewer {
  /** Also ends what is under way. */
  close(): void;
}

const MOST_CONNECTIONS = 64;
/** Milliseconds. Questions have limits of their own; this one only keeps a dead connection from waiting for ever. */
const SILENCE = 300_000;

/**
 * Connects as a viewer: by HTTP, without ClickHouse's client, which waits for a turn of the event loop and looks
 * through its connections before each request. A question of a page is often answered in a few milliseconds, of which
 * the way there took half (`SELECT 1`: 1.7 ms of 3.5).
 */
export function connectViewer(options: ClientOptions, settings: ClickHouseSettings = {}): ViewerConnections {
  const { url, username, password, database, idleSocketTtl } = options;
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === "https:";
  const pool = { keepAlive: true, maxSockets: MOST_CONNECTIONS, timeout: idleSocketTtl };
  const agent = isTls ? new TlsAgent(pool) : new Agent(pool);
  const target = {
    agent,
    // An address of IPv6 has brackets in a URL only.
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port,
    method: "POST",
    timeout: SILENCE,
    headers: {
      Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
      "User-Agent": "polylog",
    },
  };
  const fixed = {
    ...QUESTION_SETTINGS,
    // The answer leaves when it is complete: a failure half-way is then an error, not a connection that breaks.
    wait_end_of_query: 1,
    ...settings,
    ...(database === undefined ? {} : { database }),
  };

  return {
    async ask(question, signal) {
      signal?.throwIfAborted();
      const path = `/?${searchOf(fixed, question)}`;
      const sent = (isTls ? tlsRequest : request)({ ...target, path });
      const response = await answerOf(sent, question, signal);
      if (response.isGood) return response.body;
      throw parseError(response.body.toString("utf8"));
    },
    close: () => agent.destroy(),
  };
}

function searchOf(fixed: object, { parameters = {}, settings = {} }: Question): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...fixed, ...settings })) {
    if (value !== undefined)
      search.set(name, typeof value === "boolean" ? String(Number(value)) : String(value));
  }
  for (const [name, value] of Object.entries(parameters)) {
    search.set(`param_${name}`, formatParameter(value));
  }
  return search;
}

interface Response {
  readonly isGood: boolean;
  readonly body: Buffer;
}

function answerOf(sent: ClientRequest, question: Question, signal?: AbortSignal): Promise<Response> {
  const { query, maxBytes = Number.POSITIVE_INFINITY } = question;
  return new Promise((resolve, reject) => {
    // ClickHouse ends a question when the connection that it came by is closed.
    const leave = (): void => fail(signal?.reason);
    const fail = (error: unknown): void => {
      signal?.removeEventListener("abort", leave);
      reject(error);
      sent.destroy();
    };
    signal?.addEventListener("abort", leave, { once: true });
    sent.on("error", fail);
    sent.on("timeout", () =>
      fail(Object.assign(new Error(`No answer for ${SILENCE} ms`), { code: "ETIMEDOUT" })),
    );
    sent.on("response", (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("error", fail);
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > maxBytes) fail(tooLarge(maxBytes));
      });
      response.on("end", () => {
        signal?.removeEventListener("abort", leave);
        resolve({ isGood: response.statusCode === 200, body: Buffer.concat(chunks, bytes) });
      });
    });
    sent.end(query);
  });
}

function tooLarge(maxBytes: number): EngineError {
  return new EngineError("POLYLOG_E_ENGINE_ANSWER_TOO_LARGE", `The answer is larger than ${maxBytes} bytes`, {
    remedy: "Ask for less at a time.",
  });
}
