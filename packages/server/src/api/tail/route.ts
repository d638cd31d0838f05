import { Readable } from "node:stream";
import { z } from "zod";
import { tailRequest } from "../../contract/index.ts";
import { PolylogError } from "../../errors.ts";
import { type RecordFilter, readFilter } from "../filter.ts";
import { type ApiContext, QUESTION_PROBLEMS } from "../routes.ts";
import { firstId, followArrivals } from "./arrivals.ts";
import { encodeEvent } from "./event-stream.ts";
import { TAIL_TIMING, tailEvents } from "./events.ts";
import { createOpenTails } from "./open-tails.ts";
import { createAllowance } from "./sample.ts";
import { createWaker } from "./waker.ts";

/** Tails at a time; each asks the store up to four times a second. */
const MOST_TAILS = 200;
/** Seconds of rows that a reader gets at once who comes back. */
const RESUME_BURST = 10;
const MOST_ROWS_AT_ONCE = 1_000;

/** `GET /logs/tail`: records as they come in, as server-sent events. */
export function registerTail(context: ApiContext): void {
  const { app } = context;
  const tails = createOpenTails();
  app.addHook("preClose", tails.end);

  app.get(
    "/logs/tail",
    {
      exposeHeadRoute: false,
      schema: {
        operationId: "tail",
        summary: "Records as they come in, as server-sent events",
        description:
          "`event: rows` carries rows and how many matched, of which they are an even sample; `event: problem` says " +
          "that the store is away or refused; a comment comes every 15 seconds. A reconnect with `Last-Event-ID` goes on " +
          "from there.",
        tags: ["logs"],
        querystring: tailRequest,
        response: { ...QUESTION_PROBLEMS, 200: EVENT_STREAM },
      },
    },
    async (request, reply) => {
      const filter = readFilter(request.query.query);
      if (tails.count() >= MOST_TAILS) {
        throw new PolylogError(
          "POLYLOG_E_QUERY_LIMIT",
          `${MOST_TAILS} live tails are open, which is the most.`,
          {
            remedy: "Close one that is not needed.",
          },
        );
      }
      const signal = tails.add(reply.raw);
      const resumed = readEventId(request.headers["last-event-id"]);
      const stream = tailStream(context, filter, { ...request.query, resumed }, signal);
      return reply
        .headers({
          "content-type": "text/event-stream; charset=utf-8",
          "cache-control": "no-cache, no-transform",
          // nginx would hold events back.
          "x-accel-buffering": "no",
          // Nothing comes after a tail; a connection that waited for it would hold up the server's stop.
          connection: "close",
        })
        .send(Readable.from(stream, { highWaterMark: 1 }));
    },
  );
}

const EVENT_STREAM = {
  description: "Events, until the reader leaves",
  content: { "text/event-stream": { schema: z.custom<Readable>() } },
};

/** The id that a reader saw last; undefined for none, or one that is not ours. */
function readEventId(header: string | string[] | undefined): bigint | undefined {
  if (typeof header !== "string" || !/^\d{1,20}$/.test(header)) return undefined;
  const id = BigInt(header);
  return id < 2n ** 64n ? id : undefined;
}

interface TailWish {
  readonly rate: number;
  readonly backlog: number;
  readonly resumed: bigint | undefined;
}

async function* tailStream(
  { ask, clock, onCommit, engine }: ApiContext,
  filter: RecordFilter,
  { rate, backlog, resumed }: TailWish,
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  const waker = createWaker(signal);
  const stopListening = [onCommit(waker.wake), engine.onStatus(waker.wake)];
  try {
    const now = clock();
    const burst = resumed === undefined ? rate : Math.min(rate * RESUME_BURST, MOST_ROWS_AT_ONCE);
    const events = tailEvents({
      arrivals: followArrivals(ask, filter, resumed ?? firstId(now), signal),
      allowance: createAllowance(rate, burst, now),
      waker,
      backlog: resumed === undefined ? backlog : undefined,
      clock,
      timing: TAIL_TIMING,
      signal,
    });
    for await (const event of events) yield encodeEvent(event);
  } finally {
    for (const stop of stopListening) stop();
  }
}
