import { polylog as shared } from "../api.ts";
import { beginNodeRequest, type NodeRequest, type NodeResponse } from "./node-request.ts";
import { createRequestLog, type RequestLogOptions } from "./request-log.ts";

/** A context of Koa, as far as it is looked at. */
export interface KoaContext {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  readonly originalUrl: string;
}

export interface KoaRequestLogOptions<Context extends KoaContext = KoaContext> extends RequestLogOptions {
  /** The pattern that matched, asked at the end. @defaultValue what `@koa/router` tells */
  readonly route?: (context: Context) => string | undefined;
}

/**
 * Middleware for Koa: logs each request. Put it before all others.
 *
 * @example
 * app.use(requestLog());
 */
export function requestLog<Context extends KoaContext = KoaContext>(
  options: KoaRequestLogOptions<Context> = {},
): (context: Context, next: () => Promise<unknown>) => Promise<void> {
  const log = createRequestLog(options.polylog ?? shared, options);
  const route = options.route ?? routeOfRouter;
  return async (context, next) => {
    const open = beginNodeRequest(log, context.req, context.res, {
      url: context.originalUrl,
      route: () => log.ask("route", () => route(context)),
    });
    await open.run(async () => {
      try {
        await next();
      } catch (error) {
        open.fail(error);
        throw error;
      }
    });
  };
}

/** `@koa/router` leaves the pattern in the context. */
function routeOfRouter(context: object): string | undefined {
  const pattern = "_matchedRoute" in context ? context._matchedRoute : undefined;
  return pattern === undefined ? undefined : String(pattern);
}
