import { polylog as shared } from "../api.ts";
import { beginNodeRequest, headerOf, type NodeRequest, type NodeResponse } from "./node-request.ts";
import { createRequestLog, type OpenRequest, type RequestLogOptions } from "./request-log.ts";

export { type FastifyLogger, type FastifyLoggerOptions, fastifyLogger } from "./fastify-logger.ts";

/** A request of Fastify, as far as it is looked at. */
interface FastifyRequest {
  readonly id: string;
  readonly raw: NodeRequest;
  readonly routeOptions?: { readonly url?: string | undefined };
}

interface FastifyReply {
  readonly raw: NodeResponse;
  getHeader(name: string): unknown;
}

type Done = () => void;
type Hook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void;
type ErrorHook = (request: FastifyRequest, reply: FastifyReply, error: unknown, done: Done) => void;

interface FastifyInstance {
  addHook(name: "onRequest", hook: Hook): unknown;
  addHook(name: "onError", hook: ErrorHook): unknown;
}

/**
 * Takes the id that a request brings, or makes one.
 *
 * @example
 * const app = Fastify({ loggerInstance: fastifyLogger(), genReqId: requestId });
 */
export function requestId(request: Pick<NodeRequest, "headers">): string {
  return createRequestLog(shared).idOf(headerOf(request));
}

/**
 * Plugin for Fastify 5 and 4: logs each request, in place of Fastify's own lines, which are to be turned off.
 *
 * @example
 * const logController = new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" });
 * const app = Fastify({ loggerInstance: fastifyLogger(), genReqId: requestId, logController });
 * app.register(requestLog);
 */
export const requestLog = Object.assign(plugin, {
  // Hooks of a plugin hold for its own routes alone, unless it says that it is no encapsulation.
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "polylog",
});

function plugin(app: FastifyInstance, options: RequestLogOptions, done: Done): void {
  const log = createRequestLog(options.polylog ?? shared, options);
  const open = new WeakMap<FastifyRequest, OpenRequest>();

  app.addHook("onRequest", (request, reply, next) => {
    const begun = beginNodeRequest(log, request.raw, reply.raw, {
      id: request.id,
      route: () => request.routeOptions?.url,
      contentLength: () => reply.getHeader("content-length"),
    });
    open.set(request, begun);
    begun.run(next);
  });
  app.addHook("onError", (request, _reply, error, next) => {
    open.get(request)?.fail(error);
    next();
  });
  done();
}
