import type { EngineNode } from "@polylog/engine";
import { type StatusResponse, statusResponse } from "../../contract/index.ts";
import type { StoreSize } from "../../store/size.ts";
import type { ApiContext } from "../routes.ts";

const UNKNOWN: StoreSize = { logs: 0, spans: 0, bytesOnDisk: 0 };

function nodesOf(
  nodes: readonly EngineNode[],
  away: readonly string[],
): NonNullable<StatusResponse["engine"]["nodes"]> {
  return nodes.map(({ name, isAnswering }) => ({ name, isAway: away.includes(name) || !isAnswering() }));
}

/** `GET /status`: what the pages show of the server itself. Answers also while the engine is away. */
export function registerStatus(context: ApiContext): void {
  const { app, engine, version, startedAt, retention, endpoints, storeSize, spool, nodes, clock, log } =
    context;
  app.get(
    "/status",
    {
      schema: {
        operationId: "status",
        summary: "The server itself: version, engine, what it holds, where to send to",
        tags: ["server"],
        response: { 200: statusResponse },
      },
    },
    async (): Promise<StatusResponse> => {
      const { kind, state, version: engineVersion } = engine.status();
      const isReady = state === "ready";
      const size = isReady
        ? await storeSize().catch((error: unknown) => {
            log.debug("the size of the store is not known", { error: String(error) });
            return UNKNOWN;
          })
        : UNKNOWN;
      const spooled = spool?.();
      return {
        version,
        ready: isReady,
        engine: {
          kind,
          state,
          version: engineVersion,
          ...(engine.cluster === null ? {} : { nodes: nodesOf(engine.nodes, nodes.away()) }),
        },
        startedAt,
        now: clock(),
        logs: size.logs,
        spans: size.spans,
        bytesOnDisk: size.bytesOnDisk,
        ...(spooled === undefined ? {} : { spool: spooled }),
        retentionDays: retention.days,
        endpoints: endpoints(),
      };
    },
  );
}
