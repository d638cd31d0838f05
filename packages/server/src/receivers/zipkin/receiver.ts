import type { FastifyInstance } from "fastify";
import { PolylogError } from "../../errors.ts";
import { sendProblem } from "../../http/problem.ts";
import type { SpanRecord } from "../../record/record.ts";
import { registerHttpIntake } from "../http-intake.ts";
import { parseElement, takeLists } from "../json-lists.ts";
import type { ReceiverContext } from "../receiver.ts";
import { spansOfProtobuf } from "./protobuf.ts";
import { spanReader } from "./span.ts";

/** Bytes of a request, decompressed; Zipkin's own server takes 10 MiB. */
const MAX_BYTES = 32 << 20;
const NO_LISTS: ReadonlySet<string> = new Set();

/**
 * Zipkin: `POST /api/v2/spans`, in JSON and in protobuf. Answers 202 once the spans are committed.
 *
 * @example
 * registerZipkin(app, context);
 */
export function registerZipkin(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: "zipkin",
    maxBytes: MAX_BYTES,
    refuse: (_request, reply, error) => sendProblem(reply, error),
    routes(zipkin, take) {
      zipkin.post("/api/v2/spans", async (request, reply) => {
        const isProtobuf = /^application\/(?:x-)?protobuf\b/i.test(request.headers["content-type"] ?? "");
        const decode = isProtobuf ? decodeProtobuf : decodeJson;
        return reply.code(202).send(await take(request, (body) => decode(body, context.now())));
      });
    },
  });
}

/**
 * The spans of a body, `null` for each that can't be kept.
 *
 * Throws `POLYLOG_E_BAD_REQUEST` when it is no list, or holds spans and none that can be kept.
 */
export function* decodeJson(body: Buffer, now: bigint): Generator<SpanRecord | null | undefined> {
  const { lists } = yield* takeLists(body, NO_LISTS);
  const spans = lists.get("");
  if (spans === undefined) throw refused("it is not a JSON list");
  const read = spanReader(now);
  let kept = 0;
  for (const element of spans) {
    const span = parseElement(element);
    const record = span === undefined ? null : read(span);
    if (record !== null) kept++;
    yield record;
  }
  if (kept === 0 && spans.length > 0) throw refused("no span has a traceId and an id");
}

/** The same in protobuf. */
export function* decodeProtobuf(body: Buffer, now: bigint): Generator<SpanRecord | null> {
  const read = spanReader(now);
  let kept = 0;
  let sent = 0;
  for (const span of spansOfProtobuf(body)) {
    const record = read(span);
    sent++;
    if (record !== null) kept++;
    yield record;
  }
  if (kept === 0 && sent > 0) throw refused("no span has a traceId and an id");
}

function refused(why: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `The body is no list of Zipkin's spans: ${why}.`, {
    remedy: "Send a JSON list of spans of Zipkin's version 2.",
  });
}
