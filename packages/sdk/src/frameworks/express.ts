import { polylog as shared } from "../api.ts";
import { beginNodeRequest, type NodeRequest, type NodeResponse } from "./node-request.ts";
import { createRequestLog, type OpenRequest, type RequestLogOptions } from "./request-log.ts";

/** A request of Express, as far as it is looked at. */
export interface ExpressRequest extends NodeRequest {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
  readonly params?: Readonly<Record<string, unknown>>;
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

/** Known once a route has matched. */
function routeOf({ baseUrl = "", params = {}, route }: ExpressRequest): string | undefined {
  const path = route?.path;
  if (path === undefined) return undefined;
  const patterns = (Array.isArray(path) ? path : [path]).map(String).join("|");
  const base = patternOf(baseUrl, params, patterns);
  return patterns === "/" && base !== "" ? base : base + patterns;
}

/**
 * Express keeps the path of a router only as the client wrote it. Its parameters are those that the route itself has not
 * named; a router sees them with `mergeParams`, without it they stay as they are.
 */
function patternOf(baseUrl: string, params: Readonly<Record<string, unknown>>, patterns: string): string {
  const own = new Set(patterns.match(/(?<=[:*])\w+/g));
  const names = new Map(
    Object.entries(params)
      .filter(([name]) => !own.has(name))
      .map(([name, value]) => [String(value), name]),
  );
  if (names.size === 0) return baseUrl;
  const segments = baseUrl.split("/").map((segment) => {
    const value = decoded(segment);
    const name = names.get(value);
    // Each stands there once; what looks the same behind it is the path's own.
    names.delete(value);
    return name === undefined ? segment : `:${name}`;
  });
  return segments.join("/");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
