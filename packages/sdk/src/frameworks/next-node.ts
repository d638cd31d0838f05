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
    return beginNodeRequest(log, request, response).run(() => Reflect.apply(emit, this, [event, ...values]));
  } as typeof emit;
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
