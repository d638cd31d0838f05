import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import { noKey, type RouteCredentials } from "../../http/credentials.ts";
import { problemOf, STATUS_OF_ERROR, setRetryAfter } from "../../http/problem.ts";
import { named } from "../decode.ts";
import { describePartial, registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";

/** The intake of today answers 202, the one before it 200. */
const STATUS_OF_PATH: Readonly<Record<string, number>> = {
  "/api/v2/logs": 202,
  "/v1/input": 200,
  "/v1/input/:key": 200,
};

/** Characters of a field in the query, which every log of the request gets. */
const MAX_QUERY_LENGTH = 1024;

/** `DD-API-KEY`, `?dd-api-key=`, or in the path. */
const CREDENTIALS: RouteCredentials = {
  keyOf(request) {
    const header = request.headers["dd-api-key"];
    if (typeof header === "string") return header;
    return textOf(request, "dd-api-key") ?? (request.params as { key?: string }).key;
  },
  refuse: (_request, reply, fault) => {
    const error =
      fault === "missing"
        ? noKey()
        : new PolylogError("POLYLOG_E_FORBIDDEN", "This API key is not the server's token.");
    return refuse(reply, error);
  },
};

/**
 * Datadog's log intakes, v1 and v2, and the check of a key that its agent makes.
 *
 * Source: Datadog, "Logs", send logs.
 *
 * @example
 * registerDatadog(app, context);
 * await fetch(`${url}/api/v2/logs`, { method: "POST", headers, body: '[{"message":"hello"}]' });
 */
export function registerDatadog(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: "datadog",
    refuse: (_request, reply, error) => refuse(reply, error),
    routes(datadog, take) {
      const config = { credentials: CREDENTIALS };
      for (const [path, status] of Object.entries(STATUS_OF_PATH)) {
        datadog.post(path, { config }, async (request, reply) => {
          const query = {
            ddsource: textOf(request, "ddsource"),
            ddtags: textOf(request, "ddtags"),
            hostname: textOf(request, "hostname") ?? textOf(request, "host"),
            service: textOf(request, "service"),
          };
          const parameters = { now: context.now(), query, isText: isText(request) };
          const taken = await take(request, named("datadog", parameters));
          if (taken.rejected > 0) return tell(reply, 400, describePartial(taken, "logs"));
          return reply.code(status).send({});
        });
      }
      datadog.get("/api/v1/validate", { config }, async () => ({ valid: true }));
    },
  });
}

function isText(request: FastifyRequest): boolean {
  return (request.headers["content-type"] ?? "").toLowerCase().startsWith("text/");
}

function textOf(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" ? value.slice(0, MAX_QUERY_LENGTH) : undefined;
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  setRetryAfter(reply, error);
  const status = error instanceof PolylogError ? STATUS_OF_ERROR[error.code] : 500;
  return tell(reply, status, problemOf(error).message);
}

function tell(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const errors = [{ status: String(status), title: "Error", detail }];
  return reply.code(status).type("application/json").send(JSON.stringify({ errors }));
}
