import { z } from "zod";
import { type LogRow, recordRequest, recordResponse } from "../../contract/index.ts";
import { type ApiContext, answersOrNone } from "../routes.ts";
import { findRecord } from "./find.ts";

/** The path of routes about one record. */
export const recordParams = z.object({ id: z.string().max(20).describe("The record's id") });

/** `GET /logs/{id}`: one record. */
export function registerRecord({ app, ask, clock }: ApiContext): void {
  app.get(
    "/logs/:id",
    {
      schema: {
        operationId: "record",
        summary: "One record",
        tags: ["logs"],
        params: recordParams,
        querystring: recordRequest,
        response: answersOrNone(recordResponse),
      },
    },
    async (request): Promise<LogRow> => {
      const { record } = await findRecord(
        ask,
        request.params.id,
        request.query.time,
        clock(),
        request.signal,
      );
      return record;
    },
  );
}
