import { polylog as shared } from "../api.ts";
import { beginNodeRequest, type NodeRequest, type NodeResponse, sizeOf } from "./node-request.ts";
import {
  createRequestLog,
  type OpenRequest,
  type Outcome,
  pathOf,
  type RequestLog,
  type RequestLogOptions,
} from "./request-log.ts";

interface HonoRoute {
  readonly method: string;
  readonly path: string;
  readonly handler: HonoHandler;
}

interface HonoHandler {
  readonly length: number;
  /** What stands behind the handler of an application that is mounted in another. */
  readonly __COMPOSED_HANDLER?: HonoHandler;
}

/** A context of Hono, as far as it is looked at. */
export interface HonoContext {
  readonly req: {
    readonly method: string;
    readonly path: string;
    readonly raw: { readonly signal?: { readonly aborted: boolean } };
    header(name: string): string | undefined;
    readonly matchedRoutes: readonly HonoRoute[];
  };
  readonly res: { readonly status: number; readonly headers: { get(name: string): string | null } };
  readonly error: unknown;
  readonly env: unknown;
}

/**
 * Middleware for Hono: logs each request. Put it before all others. On `@hono/node-server` a request ends when its
 * response has been sent; elsewhere (Bun, Deno, `app.request` in tests) when its handler has made the response.
 *
 * @example
 * app.use(requestLog());
 */
export function requestLog(
  options: RequestLogOptions = {},
): (context: HonoContext, next: () => Promise<void>) => Promise<void> {
  const log = createRequestLog(options.polylog ?? shared, options);
  return async (context, next) => {
    const node = nodeOf(context.env);
    const open =
      node === undefined
        ? beginWebRequest(log, context)
        : beginNodeRequest(log, node.incoming, node.outgoing, { route: () => routeOf(context) });
    try {
      await open.run(next);
      // Hono doesn't throw errors into middleware: its error handler has made a response of them.
      if (context.error !== undefined && context.error !== null) open.fail(context.error);
      if (node === undefined) open.end(outcomeOf(context));
    } catch (error) {
      open.fail(error);
      if (node === undefined) open.end({ ...outcomeOf(context), status: 500 });
      throw error;
    }
  };
}

function beginWebRequest(log: RequestLog, { req }: HonoContext): OpenRequest {
  return log.begin({ method: req.method, path: pathOf(req.path), header: (name) => req.header(name) });
}

function outcomeOf(context: HonoContext): Outcome {
  return {
    status: context.res.status,
    route: routeOf(context),
    bytes: sizeOf(context.res.headers.get("content-length")),
    aborted: context.req.raw.signal?.aborted ?? false,
  };
}

/** The last that matched is the handler; without one there is no such page. */
function routeOf({ req }: HonoContext): string | undefined {
  return req.matchedRoutes.findLast((route) => !isMiddleware(route))?.path;
}

/** `use` and `all` look alike: Hono itself tells them apart by whether they take `next`. */
function isMiddleware({ method, handler }: HonoRoute): boolean {
  let inner = handler;
  while (inner.__COMPOSED_HANDLER !== undefined) inner = inner.__COMPOSED_HANDLER;
  return method === "ALL" && inner.length > 1;
}

/** What `@hono/node-server` gives along. */
function nodeOf(
  env: unknown,
): { readonly incoming: NodeRequest; readonly outgoing: NodeResponse } | undefined {
  const given = env as { incoming?: NodeRequest; outgoing?: NodeResponse } | null | undefined;
  return given?.incoming !== undefined && given.outgoing !== undefined
    ? { incoming: given.incoming, outgoing: given.outgoing }
    : undefined;
}
