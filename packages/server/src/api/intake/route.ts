import { type IntakeResponse, intakeResponse } from "../../contract/index.ts";
import type { IntakeReport } from "../../intake/report.ts";
import { SLOT } from "../../intake/tally.ts";
import type { ApiContext } from "../routes.ts";

/** `GET /intake`: what comes in, what waits and what is refused. Asks the store nothing: answers while it is away. */
export function registerIntake(context: ApiContext): void {
  const { app, clock, engine, startedAt, intake, maxQueuedBytes } = context;
  app.get(
    "/intake",
    {
      schema: {
        operationId: "intake",
        summary: "What comes in, what waits and what is refused, by service and by protocol",
        tags: ["server"],
        response: { 200: intakeResponse },
      },
    },
    async (): Promise<IntakeResponse> => {
      const now = clock();
      const { total, oldestMs, sources, receivers } = intake(now);
      const spool = context.spool?.();
      const plain = <T extends IntakeReport["total"]>(one: T) => ({ ...one, history: [...one.history] });
      return {
        now,
        startedAt,
        slotMs: SLOT,
        ready: engine.status().state === "ready",
        ...(spool === undefined ? {} : { spool }),
        total: plain(total),
        maxQueuedBytes,
        oldestMs,
        sources: sources.map(plain),
        receivers: receivers.map(plain),
      };
    },
  );
}
