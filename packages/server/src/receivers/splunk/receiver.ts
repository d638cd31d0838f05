import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { OPEN, type RouteCredentials } from "../../http/credentials.ts";
import { setRetryAfter } from "../../http/problem.ts";
import { readBody } from "../body.ts";
import { named } from "../decode.ts";
import { registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { answerOf, answerOfError, type HecAnswer } from "./answer.ts";
import type { Meta } from "./decoder.ts";

const EVENT_PATHS = ["", "/event", "/event/1.0"].map((path) => `/services/collector${path}`);
const RAW_PATHS = ["/raw", "/raw/1.0"].map((path) => `/services/collector${path}`);
const HEALTH_PATHS = ["/health", "/health/1.0"].map((path) => `/services/collector${path}`);

/** A GUID, which every channel is called by. */
const CHANNEL = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const ACK_PATH = "/services/collector/ack";
/** A question for acknowledgements is a list of numbers. */
const ACK_LIMITS = { compressed: 1 << 20, decompressed: 1 << 20 };
/** Characters of a meta field in the query, which every event of the request gets. */
const MAX_META_LENGTH = 256;

/** The token: `Splunk TOKEN`, the password of Basic, or `?token=`. */
const CREDENTIALS: RouteCredentials = {
  keyOf(request) {
    const [scheme, credentials] = (request.headers.authorization ?? "").split(" ", 2);
    if (scheme?.toLowerCase() === "splunk") return credentials;
    return queryOf(request).token;
  },
  refuse: (request, reply, fault) =>
    send(
      reply,
      answerOf(
        fault === "wrong"
          ? "invalidToken"
          : request.headers.authorization === undefined
            ? "tokenRequired"
            : "invalidAuthorization",
      ),
    ),
};

/**
 * Splunk's HTTP Event Collector: events, raw texts, acknowledgements by channel, health.
 *
 * Source: Splunk, "HTTP Event Collector REST API endpoints".
 *
 * @example
 * registerSplunk(app, context);
 * await fetch(`${url}/services/collector/event`, { method: "POST", body: '{"event":"hello"}' });
 */
export function registerSplunk(app: FastifyInstance, context: ReceiverContext): void {
  const acks = new Acknowledgements(Date.now());
  registerHttpIntake(app, context, {
    receiver: "splunk",
    refuse(_request, reply, error) {
      setRetryAfter(reply, error);
      return send(reply, answerOfError(error));
    },
    routes(splunk, take) {
      const config = { credentials: CREDENTIALS };
      const receive = async (request: FastifyRequest, kind: "events" | "raw"): Promise<HecAnswer> => {
        const channel = channelOf(request);
        if (channel !== undefined && !CHANNEL.test(channel)) return answerOf("invalidChannel");
        const parameters = { now: context.now(), meta: metaOf(request), kind };
        const { accepted, rejected, result: bad } = await take(request, named("splunk", parameters));
        if (bad !== undefined) {
          return answerOf(bad.word, { "invalid-event-number": bad.number, accepted, rejected });
        }
        if (accepted === 0) return answerOf("noData");
        return answerOf("success", channel === undefined ? {} : { ackId: acks.next() });
      };
      for (const path of EVENT_PATHS) {
        splunk.post(path, { config }, async (request, reply) =>
          send(reply, await receive(request, "events")),
        );
        // Docker's driver asks so whether anybody is there, and shows no token.
        splunk.options(path, OPEN, async (_request, reply) => reply.code(200).send());
      }
      for (const path of RAW_PATHS) {
        splunk.post(path, { config }, async (request, reply) => send(reply, await receive(request, "raw")));
      }
      for (const path of HEALTH_PATHS) {
        // Load balancers ask without a token.
        splunk.get(path, OPEN, async (_request, reply) =>
          send(reply, answerOf(context.isReady() ? "healthy" : "unhealthy")),
        );
      }
      splunk.post(ACK_PATH, { config }, async (request, reply) => {
        if (channelOf(request) === undefined) return send(reply, answerOf("channelMissing"));
        const ids = idsIn(await readBody(request.raw, request.headers, ACK_LIMITS));
        if (ids === undefined) return send(reply, answerOf("invalidFormat"));
        return reply.send({ acks: acks.statesOf(ids) });
      });
    },
  });
}

function send(reply: FastifyReply, { status, body }: HecAnswer): FastifyReply {
  return reply.code(status).type("application/json").send(JSON.stringify(body));
}

function channelOf(request: FastifyRequest): string | undefined {
  const header = request.headers["x-splunk-request-channel"];
  return typeof header === "string" ? header : queryOf(request).channel;
}

/** What the query says of all events of the request. */
function metaOf(request: FastifyRequest): Meta {
  const { host, source, sourcetype, index, time } = queryOf(request);
  const meta = Object.entries({ host, source, sourcetype, index, time });
  return Object.fromEntries(meta.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function queryOf(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  const query = request.query as Readonly<Record<string, unknown>>;
  const texts = Object.entries(query).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts.map(([name, value]) => [name, value.slice(0, MAX_META_LENGTH)]));
}

/** The numbers in `{"acks":[…]}`. */
function idsIn(body: Buffer): readonly number[] | undefined {
  try {
    const { acks } = JSON.parse(body.toString("utf8")) as { acks?: unknown };
    const isList = Array.isArray(acks) && acks.every((id) => Number.isSafeInteger(id));
    return isList ? acks : undefined;
  } catch {
    return undefined;
  }
}
