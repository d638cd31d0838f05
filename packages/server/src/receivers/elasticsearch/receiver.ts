import type { FastifyInstance, FastifyRequest } from "fastify";
import { passwordOfBasic } from "../../http/access.ts";
import { noKey, type RouteCredentials } from "../../http/credentials.ts";
import { notStorable } from "../../intake/refusal.ts";
import { named } from "../decode.ts";
import { registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { PRODUCT, sendError } from "./answer.ts";
import { answerBulk, BulkDecoder } from "./bulk.ts";
import { registerQuestions } from "./questions.ts";

/** With the types of old, too. */
const BULK_PATHS = ["/_bulk", "/:index/_bulk", "/:index/:type/_bulk"];

const DOCUMENT_PATHS = ["/:index/_doc", "/:index/_doc/:id", "/:index/_create/:id"];

/** `ApiKey KEY`, as it is or as the second half of what base64 hides. */
const CREDENTIALS: RouteCredentials = {
  keyOf({ headers }) {
    const [scheme, credentials] = (headers.authorization ?? "").split(" ", 2);
    if (scheme?.toLowerCase() !== "apikey" || credentials === undefined) return undefined;
    const isHidden = Buffer.from(credentials, "base64").toString("latin1").includes(":");
    return isHidden ? passwordOfBasic(credentials) : credentials;
  },
  refuse: (_request, reply) => sendError(reply, noKey()),
};

/**
 * What writes to Elasticsearch: `_bulk`, single documents, and what clients ask before they send.
 *
 * Source: Elasticsearch, "REST APIs", document APIs.
 *
 * @example
 * registerElasticsearch(app, context);
 * await new Client({ node: url }).bulk({ index: "logs", operations: [{ create: {} }, { message: "hello" }] });
 */
export function registerElasticsearch(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: "elasticsearch",
    tellsUnstored: true,
    refuse: (_request, reply, error) => sendError(reply, error),
    routes(elasticsearch, take) {
      const config = { credentials: CREDENTIALS };
      elasticsearch.addHook("onRequest", async (_request, reply) => {
        reply.headers(PRODUCT);
      });
      registerQuestions(elasticsearch, CREDENTIALS);
      for (const url of BULK_PATHS) {
        elasticsearch.route({
          method: ["POST", "PUT"],
          url,
          config,
          async handler(request, reply) {
            const start = performance.now();
            const { index = "" } = parametersOf(request);
            const form = named("elasticsearch", { now: context.now(), index });
            const { result, unstored } = await take(request, form);
            const took = Math.round(performance.now() - start);
            return reply.type("application/json").send(answerBulk(result, took, unstored));
          },
        });
      }
      for (const url of DOCUMENT_PATHS) {
        elasticsearch.route({
          method: ["POST", "PUT"],
          url,
          config,
          async handler(request, reply) {
            const { index = "", id } = parametersOf(request);
            const document = new BulkDecoder(context.now(), index);
            const { unstored } = await take(request, (body) => document.decodeDocument(body, id));
            if (unstored !== undefined) throw notStorable(1, 1);
            return reply.code(201).send(document.documentAnswer());
          },
        });
      }
    },
  });
}

function parametersOf(request: FastifyRequest): { readonly index?: string; readonly id?: string } {
  return request.params as { index?: string; id?: string };
}
