import type { FastifyInstance } from "fastify";

/**
 * Makes the routes of `app` (a plugin's own instance, as `app.register` gives it) take bodies of every content
 * type unread: `request.body` is the raw stream, to be read by `readBody` or `streamBody` under the receiver's
 * own limits. Fastify's parsers, with their limit of 1 MiB and no decompression, are out of the way there and
 * stay as they are elsewhere.
 *
 * @example
 * await app.register(async (intake) => {
 *   registerRawBodies(intake);
 *   intake.post("/v1/jsonl", async (request) => readBody(request.raw, request.headers, context.limits));
 * });
 */
export function registerRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
}
