import { type ValuesResponse, valuesRequest, valuesResponse } from "../../contract/index.ts";
import { fieldReference } from "../../query/index.ts";
import { fieldValues } from "../field-values/field-values.ts";
import { readFilter } from "../filter.ts";
import { type ApiContext, answers } from "../routes.ts";
import { SUBJECTS, type Subject } from "../subjects.ts";
import { readWindow } from "../window.ts";

/** `GET /logs/values` and `GET /traces/values`: values of one field that begin with some text. */
export function registerValues(context: ApiContext): void {
  for (const subject of SUBJECTS) registerValuesOf(subject, context);
}

function registerValuesOf({ target, tag, things, operation }: Subject, context: ApiContext): void {
  const { app, clock } = context;
  app.get(
    `/${tag}/values`,
    {
      schema: {
        operationId: operation("fieldValues"),
        summary: `Values of a field of ${things}, commonest first`,
        tags: [tag],
        querystring: valuesRequest,
        response: answers(valuesResponse),
      },
    },
    async (request): Promise<ValuesResponse> => {
      const { query, field, limit, prefix } = request.query;
      const filter = readFilter(query, target);
      const window = readWindow(request.query, clock());
      const found = await fieldValues(
        context,
        fieldReference(field, target),
        window,
        filter,
        { limit, prefix },
        request.signal,
      );
      return {
        values: [...found.values],
        approximate: found.approximate || found.isPartial,
        partial: found.isPartial,
        statistics: found.statistics,
      };
    },
  );
}
