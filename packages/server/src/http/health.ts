import type { FastifyInstance } from "fastify";
import type { Metrics } from "../self/metrics.ts";
import { OPEN } from "./credentials.ts";

/** Whether the server can take records in and answer questions, and if not, why. */
export interface Readiness {
  readonly ready: boolean;
  /** The engine's state, for people: `ready`, `restarting`, … */
  readonly engine: string;
  readonly reason?: string;
  /** What is acknowledged and on disk, but not found by questions yet; absent when there is nothing. */
  readonly spool?: { readonly records: number; readonly bytes: number; readonly isFull: boolean };
}

/**
 * `/healthz`: the process answers. `/readyz`: it can take records in and answer questions, else 503 and why.
 * `/metrics`: its figures for Prometheus.
 */
export function registerHealth(app: FastifyInstance, readiness: () => Readiness, metrics: Metrics): void {
  app.get("/healthz", OPEN, async () => ({ status: "ok" }));
  app.get("/readyz", OPEN, async (_request, reply) => {
    const state = readiness();
    return reply.code(state.ready ? 200 : 503).send(state);
  });
  app.get("/metrics", async (_request, reply) => {
    const text = await metrics.render();
    return reply.type(metrics.contentType).send(text);
  });
}
