import type { IncomingMessage, ServerResponse } from "node:http";
import { polylog as shared } from "../api.ts";
import { beginNodeRequest, type NodeRequest, type NodeResponse } from "./node-request.ts";
import { createRequestLog, type RequestLogOptions } from "./request-log.ts";

/**
 * Logs each request of a server of `node:http`, `node:https` or `node:http2`.
 *
 * @example
 * createServer(requestLog((request, response) => response.end("hello"))).listen(3000);
 */
export function requestLog<
  Request extends NodeRequest = IncomingMessage,
  Response extends NodeResponse = ServerResponse,
>(
  listener: (request: Request, response: Response) => unknown,
  options: RequestLogOptions = {},
): (request: Request, response: Response) => unknown {
  const log = createRequestLog(options.polylog ?? shared, options);
  return (request, response) => {
    const open = beginNodeRequest(log, request, response);
    return open.run(() => {
      try {
        return listener(request, response);
      } catch (error) {
        open.fail(error);
        throw error;
      }
    });
  };
}
