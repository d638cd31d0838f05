import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { isHostTrusted, isOriginTrusted, keyChecker } from "./access.ts";
import { isAdmitted, refuseKey } from "./credentials.ts";
import { sendProblem } from "./problem.ts";
import { refuseUnread } from "./unread.ts";

export interface AppOptions {
  /** The token every request must carry; null when none is asked for. */
  readonly authToken: string | null;
  readonly log: Logger;
  /** Milliseconds in which a request has to arrive, but for uploads. @defaultValue two minutes */
  readonly requestTime?: number;
}

const REQUEST_TIME = 120_000;

/** What a page of ours may do: run its own files, talk to its own server, be framed by nobody. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

/** On every answer. */
const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

/** The one HTTP server: who may come in, headers that go on every answer, and errors as problems. */
export function createApp(options: AppOptions): FastifyInstance {
  const { authToken, log, requestTime = REQUEST_TIME } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: 1 << 20,
    // A query travels in the address: room for a long one, so that it is refused by its own limit, in words.
    http: { maxHeaderSize: 256 << 10, connectionsCheckingInterval: requestTime / 4 },
    // A sender that trickles its headers or body must not hold a connection for ever.
    requestTimeout: requestTime,
    clientErrorHandler: refuseUnread,
    keepAliveTimeout: 65_000,
    // On stop, requests under way are finished; server.ts bounds how long.
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 512 },
  });

  // Where it is the longer one of the two, Node heeds neither.
  app.server.headersTimeout = Math.min(app.server.headersTimeout, requestTime);

  const isKey = keyChecker(authToken);
  // No promise for it: every request comes by. Who is answered here goes no further.
  app.addHook("onRequest", (request, reply, goOn) => {
    reply.headers(HEADERS);
    const { host, origin } = request.headers;
    if (!isOriginTrusted(origin, host)) return refuseStranger(reply, `pages of ${origin}`);
    if (origin !== undefined) allowOrigin(request, reply, origin);
    if (request.method === "OPTIONS" && origin !== undefined) return reply.code(204).send();
    if (authToken === null) {
      if (!isHostTrusted(host)) return refuseStranger(reply, `the name ${host}`);
    } else if (!isAdmitted(request, isKey)) {
      return refuseKey(request, reply);
    }
    goOn();
  });

  app.setErrorHandler((error, request, reply) => {
    const known = asPolylogError(error);
    if (known === undefined) {
      log.error("a request failed", {
        method: request.method,
        route: routeOf(request),
        error: String(error),
      });
    }
    return sendProblem(reply, known ?? error);
  });
  return app;
}

/** The page is trusted by now, and each protocol has headers of its own: those that it asks for are allowed. */
function allowOrigin(request: FastifyRequest, reply: FastifyReply, origin: string): void {
  const asked = request.headers["access-control-request-headers"];
  reply.headers({
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": asked ?? "authorization, content-type, content-encoding, traceparent",
    "access-control-max-age": "600",
    vary: "Origin",
  });
}

function refuseStranger(reply: FastifyReply, who: string): FastifyReply {
  return sendProblem(
    reply,
    new PolylogError("POLYLOG_E_FORBIDDEN", `Requests from ${who} are not accepted.`, {
      remedy: "Open Polylog by `localhost` or an IP address, or start it with --auth-token.",
    }),
  );
}

/** The error for a path that nothing serves. */
export function notFound(request: FastifyRequest): PolylogError {
  return new PolylogError(
    "POLYLOG_E_NOT_FOUND",
    `Nothing is served at ${request.method} ${request.url.slice(0, 200)}.`,
    {
      remedy: "The API is described at /api/openapi.json.",
    },
  );
}

/** The route's pattern rather than the URL: a URL may hold what should not be logged. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? "(no route)";
}

/** Fastify's own refusals (validation, body too large, bad content type) as ours; undefined for real failures. */
function asPolylogError(error: unknown): PolylogError | undefined {
  if (error instanceof PolylogError) return error;
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode === undefined || statusCode >= 500) return undefined;
  const code =
    statusCode === 413
      ? "POLYLOG_E_TOO_LARGE"
      : statusCode === 415
        ? "POLYLOG_E_UNSUPPORTED_MEDIA_TYPE"
        : "POLYLOG_E_BAD_REQUEST";
  return new PolylogError(code, message ?? "The request can't be understood.", { cause: error });
}
