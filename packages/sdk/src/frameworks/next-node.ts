import { Server } from "node:http";
import { polylog as shared } from "../api.ts";
import type { NextErrorContext, NextRequest } from "./next-error.ts";
import { beginNodeRequest, type NodeRequest, type NodeResponse } from "./node-request.ts";
import { createRequestLog, pathOf, type RequestHead, type RequestLogOptions } from "./request-log.ts";

export type NextNodeOptions = RequestLogOptions;

/** Says that requests are logged already: in development the file is run again after each change. */
const LOGGED = Symbol.for("polylog.next");

/**
 * Next.js makes its server before an application can say anything, so all servers of the process are looked at,
 * where they hand a request to their listeners.
 */
export function logServerRequests(options: NextNodeOptions = {}): void {
  const prototype = Server.prototype as Server & { [LOGGED]?: boolean };
  if (prototype[LOGGED]) return;
  prototype[LOGGED] = true;

  const log = createRequestLog(options.polylog ?? shared, {
    ...options,
    ignore: options.ignore ?? isOwnFile,
  });
  const emit = prototype.emit;
  prototype.emit = function (this: Server, event: string, ...values: unknown[]): boolean {
    if (event !== "request") return Reflect.apply(emit, this, [event, ...values]);
    const [request, response] = values as [NodeRequest, NodeResponse];
    const route = () => routeOf(request);
    return beginNodeRequest(log, request, response, { route }).run(() =>
      Reflect.apply(emit, this, [event, ...values]),
    );
  } as typeof emit;
}

/** Where Next.js keeps with a request what it has found out of it. */
const META = Symbol.for("NextInternalRequestMeta");

/**
 * The page or route that answered, such as `/users/[id]`. Next.js tells it in public only by spans of OpenTelemetry, and of
 * errors; without them there is just the place where its own parts look. Where that is no more, the line has no route.
 */
function routeOf(request: object): string | undefined {
  const { [META]: meta } = request as {
    readonly [META]?: { readonly match?: { readonly definition?: { readonly pathname?: unknown } } };
  };
  const route = meta?.match?.definition?.pathname;
  // Its own pages: `/_not-found`, `/_error`.
  return typeof route === "string" && !route.startsWith("/_") ? route : undefined;
}

function isOwnFile({ path }: RequestHead): boolean {
  return path.startsWith("/_next/");
}

export function logRequestError(
  error: unknown,
  { method, path: target }: NextRequest,
  { routePath: route, routeType, routerKind }: NextErrorContext,
  polylog: NonNullable<RequestLogOptions["polylog"]> = shared,
): void {
  const path = pathOf(target);
  polylog
    .getLogger("http")
    .error(`${method} ${path} failed`, error, { method, path, route, routeType, routerKind });
}
