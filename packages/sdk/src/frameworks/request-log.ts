import type { LogContext } from "../logger/context.ts";
import type { Level } from "../logger/level.ts";
import { activeTraceIds } from "../logger/trace-ids.ts";
import type { Polylog } from "../polylog.ts";
import { parseTraceparent } from "./traceparent.ts";

/** What is known of a request when it comes. */
export interface RequestHead {
  readonly method: string;
  /** Without the query, which often holds what must not be logged. */
  readonly path: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
}

/** How a request ended. */
export interface Outcome {
  /** `undefined` when no head of a response was sent. */
  readonly status: number | undefined;
  /** The pattern that matched: `/users/:id`. */
  readonly route: string | undefined;
  /** Size of the response's body, when it is known. */
  readonly bytes: number | undefined;
  /** The client left before it had the whole response. */
  readonly aborted: boolean;
}

export interface RequestLogOptions {
  /** Name of the logger of the lines about requests. @defaultValue `http` */
  readonly logger?: string;
  /** The header that brings a request's id, in lower case. @defaultValue `x-request-id` */
  readonly requestIdHeader?: string;
  /** Makes an id for requests that bring none, or none worth keeping. @defaultValue a random UUID */
  readonly createRequestId?: () => string;
  /** Requests without a line of their own, like health checks. Records made in them are logged all the same. */
  readonly ignore?: (request: RequestHead) => boolean;
  /** More for all records of a request: `(request) => ({ tenant: request.header("x-tenant") })`. */
  readonly context?: (request: RequestHead) => LogContext;
  /** Where it logs to. @defaultValue the Polylog of the process */
  readonly polylog?: RequestPolylog;
}

/** What the log of requests needs of Polylog. */
export type RequestPolylog = Pick<Polylog, "emit" | "getLogger" | "isEnabled" | "withContext">;

/** A request that is being answered. */
export interface OpenRequest {
  readonly id: string;
  /** Runs `work`; records made in it, and in what it starts, carry the request's context. */
  run<T>(work: () => T): T;
  /** Remembers what was thrown, for the line at the end. The last one counts. */
  fail(error: unknown): void;
  /** Logs the line of the request; only the first call does. */
  end(outcome: Outcome): void;
}

export interface RequestLog {
  /** @param id of the request, when the framework has given it one already */
  begin(head: RequestHead, id?: string): OpenRequest;
  /** The id that a request brings, or a new one. */
  idOf(header: (name: string) => string | undefined): string;
  /** Asks one of the application's options. When it throws, that is logged, and the request goes on. */
  ask<T>(option: string, question: () => T): T | undefined;
}

/** Ids of other makers are kept as long as they can't break a line or fill the log. */
const SANE_ID = /^[\w.:/+=@-]{1,128}$/;
const LONGEST_PATH = 1_024;
const LONGEST_METHOD = 32;

/** The part that all frameworks share: id, context, and one line for each request. */
export function createRequestLog(polylog: RequestPolylog, options: RequestLogOptions = {}): RequestLog {
  const logger = options.logger ?? "http";
  const idHeader = options.requestIdHeader?.toLowerCase() ?? "x-request-id";

  const ask: RequestLog["ask"] = (option, question) => {
    try {
      return question();
    } catch (error) {
      polylog.emit({ logger, level: "warn", message: `the option ${option} of requestLog threw`, error });
      return undefined;
    }
  };

  const idOf: RequestLog["idOf"] = (header) => {
    const given = header(idHeader);
    if (given !== undefined && SANE_ID.test(given)) return given;
    return ask("createRequestId", () => options.createRequestId?.()) ?? crypto.randomUUID();
  };

  return {
    ask,
    idOf,
    begin(head, id = idOf(head.header)) {
      const began = performance.now();
      const method = cut(head.method, LONGEST_METHOD);
      const path = cut(head.path, LONGEST_PATH);
      const trace = activeTraceIds() ?? parseTraceparent(head.header("traceparent"));
      const own: LogContext = { ...ask("context", () => options.context?.(head)), requestId: id };
      const context = trace === undefined ? own : { ...own, trace };
      let thrown: { readonly error: unknown } | undefined;
      let isOpen = true;

      return {
        id,
        run: (work) => polylog.withContext(context, work),
        fail(error) {
          thrown = { error };
        },
        end(outcome) {
          if (!isOpen) return;
          isOpen = false;
          if (ask("ignore", () => options.ignore?.(head)) === true) return;
          const level = levelOf(outcome, thrown !== undefined);
          if (!polylog.isEnabled(logger, level)) return;

          const durationMs = Math.round((performance.now() - began) * 100) / 100;
          const message = `${method} ${path} ${outcome.aborted ? "client left" : outcome.status}`;
          const metadata = { method, path, ...known(outcome), durationMs };
          // The end is told by an event of the socket, which lies outside of the request's context.
          const line = { logger, level, message, metadata, error: thrown?.error };
          polylog.withContext(own, () => polylog.emit({ ...line, trace: activeTraceIds() ?? trace }));
        },
      };
    },
  };
}

/** 5xx are errors, 4xx and clients that left are warnings; so is what was thrown, by the status it led to. */
function levelOf({ status = 0, aborted }: Outcome, hasThrown: boolean): Level {
  if (status >= 500) return "error";
  if (status >= 400 || aborted) return "warn";
  // Thrown when the head of the response had been sent, and with it a status that says nothing of it.
  return hasThrown ? "error" : "info";
}

function known({ status, route, bytes, aborted }: Outcome): Record<string, unknown> {
  return {
    ...(route === undefined ? undefined : { route }),
    ...(status === undefined ? undefined : { status }),
    ...(bytes === undefined ? undefined : { bytes }),
    ...(aborted ? { aborted } : undefined),
  };
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** The path of a request's target, which can be a whole URL too (RFC 9112, section 3.2). */
export function pathOf(target: string | undefined): string {
  if (target === undefined || target === "") return "/";
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  if (path.startsWith("/")) return path;
  return URL.canParse(path) ? new URL(path).pathname : path;
}
