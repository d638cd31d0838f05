import { polylog as shared } from "../api.ts";
import { beginNodeRequest, type NodeRequest, type NodeResponse } from "./node-request.ts";
import { createRequestLog, type OpenRequest, type RequestLogOptions } from "./request-log.ts";

/** A request of Express, as far as it is looked at. */
export interface ExpressRequest extends NodeRequest {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
}

type Next = (error?: unknown) => void;

/** So that `errorLog` finds what `requestLog` has begun. */
const open = new WeakMap<object, OpenRequest>();

/**
 * Middleware for Express 5 and 4 (and whatever takes `(request, response, next)`): logs each request.
 * Put it before all others, and `errorLog()` behind the routes.
 *
 * @example
 * app.use(requestLog());
 * app.get("/users/:id", (request, response) => response.json(find(request.params.id)));
 * app.use(errorLog());
 */
export function requestLog(
  options: RequestLogOptions = {},
): (request: ExpressRequest, response: NodeResponse, next: Next) => void {
  const log = createRequestLog(options.polylog ?? shared, options);
  return (request, response, next) => {
    const begun = beginNodeRequest(log, request, response, {
      url: request.originalUrl ?? request.url,
      route: () => routeOf(request),
    });
    open.set(request, begun);
    begun.run(next);
  };
}

/** Hands on errors of the routes, which stand in the line of their request from then on, stack and all. */
export function errorLog(): (error: unknown, request: object, response: object, next: Next) => void {
  // Express knows an error handler by its four parameters.
  return (error, request, _response, next) => {
    open.get(request)?.fail(error);
    next(error);
  };
}

/** Known once a route has matched. A router's own path is part of it as the client wrote it. */
function routeOf({ baseUrl = "", route }: ExpressRequest): string | undefined {
  const path = route?.path;
  if (path === undefined) return undefined;
  const patterns = (Array.isArray(path) ? path : [path]).map(String).join("|");
  return patterns === "/" && baseUrl !== "" ? baseUrl : baseUrl + patterns;
}
