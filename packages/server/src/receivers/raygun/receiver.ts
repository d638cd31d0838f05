import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import { noKey } from "../../http/credentials.ts";
import { sendProblem } from "../../http/problem.ts";
import type { LogRecord } from "../../record/record.ts";
import { registerHttpIntake } from "../http-intake.ts";
import { parseElement, takeLists } from "../json-lists.ts";
import type { ReceiverContext } from "../receiver.ts";
import { recordOfEntry } from "./decoder.ts";

/** Bytes of a request: a hundred entries of what Raygun's clients allow one to be. */
const MAX_BYTES = 16 << 20;
const NO_LISTS: ReadonlySet<string> = new Set();

/**
 * Raygun: `POST /entries` with one error, `POST /entries/bulk` with a list of them.
 *
 * @example
 * registerRaygun(app, context);
 */
export function registerRaygun(app: FastifyInstance, context: ReceiverContext): void {
  const builder = new RecordBuilder();
  registerHttpIntake(app, context, {
    receiver: "raygun",
    maxBytes: MAX_BYTES,
    refuse: (_request, reply, error) => sendProblem(reply, error),
    routes(raygun, take) {
      const config = {
        credentials: {
          keyOf,
          // Raygun's own status for it.
          refuse: (_request: FastifyRequest, reply: FastifyReply) => sendProblem(reply, noKey()).code(403),
        },
      };
      for (const path of ["/entries", "/entries/bulk"]) {
        raygun.post(path, { config }, async (request, reply) => {
          const taken = await take(request, (body) => decodeEntries(body, builder, context.now()));
          return reply.code(202).send(taken);
        });
      }
    },
  });
}

/**
 * The records of a body, `null` for each entry that is none.
 *
 * Throws `POLYLOG_E_BAD_REQUEST` when there is none that is one.
 */
export function* decodeEntries(
  body: Buffer,
  builder: RecordBuilder,
  now: bigint,
): Generator<LogRecord | null | undefined> {
  const { rest, lists } = yield* takeLists(body, NO_LISTS);
  const entries = lists.get("");
  if (entries === undefined) {
    const record = recordOfEntry(rest, builder, now);
    if (record === null) throw noEntry();
    yield record;
    return;
  }
  let kept = 0;
  for (const element of entries) {
    const entry = parseElement(element);
    const record = entry === undefined ? null : recordOfEntry(entry, builder, now);
    if (record !== null) kept++;
    yield record;
  }
  if (kept === 0 && entries.length > 0) throw noEntry();
}

function noEntry(): PolylogError {
  return new PolylogError(
    "POLYLOG_E_BAD_REQUEST",
    "The body has no details.error, so it is no entry of Raygun.",
  );
}

/** Browsers send it in the address. */
function keyOf({ headers, query }: FastifyRequest): string | undefined {
  const key = headers["x-apikey"] ?? (query as { readonly apikey?: unknown }).apikey;
  return typeof key === "string" ? key : undefined;
}
