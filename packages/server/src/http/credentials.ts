import type { FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../errors.ts";
import { type KeyChecker, keyOfAuthorization } from "./access.ts";
import { sendProblem } from "./problem.ts";

/** Why a request isn't let in. */
export type KeyFault = "missing" | "wrong";

/**
 * Where the requests of a protocol carry their key. `Authorization: Bearer KEY` and the password of `Basic` hold
 * for every route and need not be told here.
 *
 * @example
 * app.post("/api/v2/logs", { config: { credentials: { keyOf: ({ headers }) => headers["dd-api-key"] } } }, receive);
 */
export interface RouteCredentials {
  /** The key where this protocol puts it; `undefined` when there is none. */
  readonly keyOf?: (request: FastifyRequest) => string | undefined;
  /**
   * True when the key may lie in the body, which is not read yet. Such a request is let in, and its receiver
   * asks `context.isKey` itself.
   */
  readonly isInBody?: (request: FastifyRequest) => boolean;
  /** True for a route that tells nothing of the records: probes ask it without a key. */
  readonly isOpen?: boolean;
  /** Answers in the protocol's words; a problem with status 401 by default. */
  readonly refuse?: (request: FastifyRequest, reply: FastifyReply, fault: KeyFault) => FastifyReply;
}

declare module "fastify" {
  interface FastifyContextConfig {
    credentials?: RouteCredentials;
  }
}

/**
 * The options of a route that tells nothing of the records: probes ask it without a key.
 *
 * @example
 * app.get("/healthz", OPEN, async () => ({ status: "ok" }));
 */
export const OPEN = { config: { credentials: { isOpen: true } } } as const;

/** True when a request may come in, as far as its head tells. */
export function isAdmitted(request: FastifyRequest, isKey: KeyChecker): boolean {
  const credentials = credentialsOf(request);
  return (
    credentials?.isOpen === true ||
    isKey(keyOfAuthorization(request.headers.authorization)) ||
    isKey(credentials?.keyOf?.(request)) ||
    credentials?.isInBody?.(request) === true
  );
}

/** Answers a request that has no key, or a wrong one. */
export function refuseKey(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const credentials = credentialsOf(request);
  if (credentials?.refuse !== undefined) {
    const key = credentials.keyOf?.(request) ?? keyOfAuthorization(request.headers.authorization);
    return credentials.refuse(request, reply, key === undefined ? "missing" : "wrong");
  }
  reply.header("www-authenticate", 'Basic realm="Polylog", charset="UTF-8"');
  return sendProblem(reply, noKey());
}

/** The error of a request that has no key, or a wrong one. */
export function noKey(): PolylogError {
  return new PolylogError("POLYLOG_E_UNAUTHORIZED", "This server asks for its token.", {
    remedy: "Send it as `Authorization: Bearer TOKEN`, or as the password in the browser's prompt.",
  });
}

function credentialsOf(request: FastifyRequest): RouteCredentials | undefined {
  return request.routeOptions.config?.credentials;
}
