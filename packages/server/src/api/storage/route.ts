import {
  type StorageResponse,
  type StorageServicesResponse,
  storageRequest,
  storageResponse,
  storageServicesRequest,
  storageServicesResponse,
} from "../../contract/index.ts";
import { growthOf } from "../../store/storage/days.ts";
import { readStorage } from "../../store/storage/report.ts";
import { questionError } from "../engine-error.ts";
import { type ApiContext, answers } from "../routes.ts";
import { addStatistics } from "../statistics.ts";
import { servicesOnDisk } from "./services.ts";

const NOTHING_READ = { elapsedMs: 0, rowsRead: 0, bytesRead: 0 };

/** `GET /storage` and `GET /storage/services`: what takes the space. */
export function registerStorage(context: ApiContext): void {
  const { app, engine, nodes, clock, retention } = context;
  app.get(
    "/storage",
    {
      schema: {
        operationId: "storage",
        summary: "What the store takes on disk, by table, column, index and day, and what goes when",
        tags: ["server"],
        querystring: storageRequest,
        response: answers(storageResponse),
      },
    },
    async (request): Promise<StorageResponse> => {
      const begin = performance.now();
      const nodesAway = nodes.away();
      const report = await readStorage(engine.nodes, request.signal).catch((error: unknown) => {
        throw questionError(error);
      });
      const now = clock();
      const { days, rules, maxBytes } = retention;
      return {
        now,
        ...report,
        tables: report.tables.map((table) => ({
          ...table,
          columns: [...table.columns],
          indexes: [...table.indexes],
        })),
        days: [...report.days],
        growth: growthOf(report.days, now),
        retention: { days, rules: rules.map((rule) => ({ text: rule.text, days: rule.days })), maxBytes },
        partial: nodesAway.length > 0,
        statistics: addStatistics([{ ...NOTHING_READ, nodesAway: [...nodesAway] }], begin),
      };
    },
  );
  app.get(
    "/storage/services",
    {
      schema: {
        operationId: "storageServices",
        summary: "The services that take the most on disk",
        tags: ["server"],
        querystring: storageServicesRequest,
        response: answers(storageServicesResponse),
      },
    },
    (request): Promise<StorageServicesResponse> =>
      servicesOnDisk(context, request.query.limit, request.signal),
  );
}
