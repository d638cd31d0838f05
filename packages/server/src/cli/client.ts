import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { API_PREFIX } from "../contract/prefix.ts";
import { ERROR_CODES, type ErrorCode, PolylogError, type PolylogErrorDetails } from "../errors.ts";
import { type ServerSentEvent, serverSentEvents } from "./event-stream.ts";

/** Where the server is unless told otherwise. */
export const DEFAULT_SERVER = "http://127.0.0.1:4318";

/** Milliseconds until the server has to answer: its own limit on a question, and some. */
const ANSWER_TIMEOUT = 60_000;
/** Milliseconds of silence after which a stream counts as broken; the server says something every 15 s. */
const SILENCE_TIMEOUT = 45_000;
const MAX_ANSWER_BYTES = 512 << 20;

export interface ClientOptions {
  /** The server's address; a path in it is kept, for a server behind a proxy. */
  readonly server: string;
  readonly token?: string | undefined;
}

type Parameters = Readonly<Record<string, string | number | undefined>>;

/** The HTTP API as the commands use it. */
export interface Client {
  /**
   * The answer to a question.
   *
   * Rejects with the server's own error, or `POLYLOG_E_SERVER_AWAY` when it isn't reached.
   */
  get(path: string, parameters: Parameters, signal: AbortSignal): Promise<unknown>;
  /** The answer to an order. Rejects like {@link get}. */
  post(path: string, parameters: Parameters, signal: AbortSignal): Promise<unknown>;
  /** Events as they come. Rejects like {@link get}; ends or throws when the stream does. */
  events(
    path: string,
    parameters: Parameters,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ServerSentEvent>>;
}

/** A client of the server at the address; connects on each call. */
export function createClient({ server, token }: ClientOptions): Client {
  const base = serverUrl(server);
  const common = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function answer(
    method: "GET" | "POST",
    path: string,
    parameters: Parameters,
    signal: AbortSignal,
  ): Promise<unknown> {
    const headers = { accept: "application/json" };
    const response = await open(path, parameters, headers, ANSWER_TIMEOUT, signal, method);
    const text = await readText(response, server);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw notPolylog(server, cause);
    }
  }

  async function open(
    path: string,
    parameters: Parameters,
    headers: Readonly<Record<string, string>>,
    timeout: number,
    signal: AbortSignal,
    method: "GET" | "POST" = "GET",
  ): Promise<IncomingMessage> {
    const url = new URL(base);
    url.pathname = url.pathname.replace(/\/$/, "") + API_PREFIX + path;
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await send(url, method, { ...common, ...headers }, timeout, signal, server);
    if (response.statusCode === 200) return response;
    throw await refusal(response, server);
  }

  return {
    get: (path, parameters, signal) => answer("GET", path, parameters, signal),
    post: (path, parameters, signal) => answer("POST", path, parameters, signal),
    async events(path, parameters, lastEventId, signal) {
      const resume = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
      const headers = { accept: "text/event-stream", ...resume };
      const response = await open(path, parameters, headers, SILENCE_TIMEOUT, signal);
      if (!response.headers["content-type"]?.startsWith("text/event-stream")) {
        response.destroy();
        throw notPolylog(server);
      }
      return serverSentEvents(response.setEncoding("utf8"));
    },
  };
}

/**
 * The address of a server as people write it: `http://` may be left out.
 *
 * Throws `POLYLOG_E_CONFIG`.
 */
function serverUrl(server: string): URL {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(server) ? server : `http://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new PolylogError("POLYLOG_E_CONFIG", `${JSON.stringify(server)} is not the address of a server.`, {
    remedy: `Give --server or POLYLOG_SERVER an address like ${DEFAULT_SERVER}.`,
  });
}

function send(
  url: URL,
  method: "GET" | "POST",
  headers: Readonly<Record<string, string>>,
  timeout: number,
  signal: AbortSignal,
  server: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, {
      method,
      headers: { ...headers, "user-agent": "polylog-cli" },
      // One question and out: a kept connection would hold the process.
      agent: false,
      signal,
      timeout,
    });
    request.on("timeout", () => request.destroy(new Error(`no word for ${timeout / 1000} s`)));
    request.on("error", (cause) => reject(signal.aborted ? cause : away(server, cause)));
    request.on("response", resolve);
    request.end();
  });
}

async function readText(response: IncomingMessage, server: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES) throw new Error("the answer is longer than 512 MB");
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof Error && cause.name === "AbortError") throw cause;
    throw away(server, cause);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function refusal(response: IncomingMessage, server: string): Promise<PolylogError> {
  const status = response.statusCode ?? 0;
  const problem = problemIn(await readText(response, server));
  if (problem) return problem;
  return new PolylogError("POLYLOG_E_SERVER_AWAY", `${server} answers ${status}, which Polylog would not.`, {
    remedy: "See whether --server or POLYLOG_SERVER names the right one, and whether a proxy stands between.",
  });
}

/** The server's own error out of a body, or undefined when it isn't one. */
function problemIn(body: string): PolylogError | undefined {
  let problem: Partial<Record<string, unknown>>;
  try {
    problem = Object(JSON.parse(body));
  } catch {
    return undefined;
  }
  const { code, message, remedy, position, expected } = problem;
  if (typeof message !== "string" || !(ERROR_CODES as readonly unknown[]).includes(code)) return undefined;
  const said =
    code === "POLYLOG_E_UNAUTHORIZED" ? "Set it as POLYLOG_AUTH_TOKEN, or with --auth-token." : remedy;
  const details: PolylogErrorDetails = {
    ...(typeof said === "string" ? { remedy: said } : {}),
    ...(isPosition(position) ? { position } : {}),
    ...(Array.isArray(expected) ? { expected: expected.map(String) } : {}),
  };
  return new PolylogError(code as ErrorCode, message, details);
}

function isPosition(value: unknown): value is { start: number; end: number } {
  if (typeof value !== "object" || value === null) return false;
  return "start" in value && Number.isInteger(value.start) && "end" in value && Number.isInteger(value.end);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens there"],
  ["ENOTFOUND", "there is no host of that name"],
  ["EAI_AGAIN", "the name can't be looked up"],
  ["ETIMEDOUT", "it doesn't answer"],
  ["EHOSTUNREACH", "no way leads there"],
  ["ENETUNREACH", "no way leads there"],
  ["ECONNRESET", "the connection broke"],
]);

function away(server: string, cause: unknown): PolylogError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = REASONS.get(code ?? "") ?? message;
  return new PolylogError("POLYLOG_E_SERVER_AWAY", `The server at ${server} is not reached: ${reason}.`, {
    cause,
    remedy: "Start one with `polylog serve`, or name another with --server URL or POLYLOG_SERVER.",
  });
}

function notPolylog(server: string, cause?: unknown): PolylogError {
  return new PolylogError("POLYLOG_E_SERVER_AWAY", `What answers at ${server} is not Polylog.`, {
    cause,
    remedy: "See whether --server or POLYLOG_SERVER names the right address.",
  });
}
