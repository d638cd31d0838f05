import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * A protocol whose requests come to `POST /v1/logs`, where OTLP's come too. It is asked for each request that is
 * not protobuf, once the body is read.
 *
 * @example
 * const papertrail: LogsPathSharer = { claims: isSyslog, receive, refuse };
 */
export interface LogsPathSharer {
  /** True when the request is this protocol's, by its head or by how its body begins. Must be quick. */
  claims(request: FastifyRequest, body: Buffer): boolean;
  /**
   * True when the request may carry its key in its body, as far as its head tells. Then {@link receive} has to
   * ask `context.isKey` for it.
   */
  hasKeyInBody?(request: FastifyRequest): boolean;
  /** Takes the request and answers it. What it rejects with goes to {@link refuse}. */
  receive(request: FastifyRequest, reply: FastifyReply, body: Buffer): Promise<FastifyReply>;
  refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply;
}
