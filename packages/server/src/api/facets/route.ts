import { type FacetsResponse, facetsRequest, facetsResponse } from "../../contract/index.ts";
import { PolylogError } from "../../errors.ts";
import { valuesOfFields } from "../field-values/field-values.ts";
import { readFilter } from "../filter.ts";
import { type ApiContext, answers } from "../routes.ts";
import { addStatistics } from "../statistics.ts";
import { SUBJECTS, type Subject } from "../subjects.ts";
import { readWindow } from "../window.ts";

/** Fields in one request: each is a question of its own. */
const MOST_FIELDS = 30;
const LONGEST_NAME = 512;

/** `GET /logs/facets` and `GET /traces/facets`: the commonest values of some fields. */
export function registerFacets(context: ApiContext): void {
  for (const subject of SUBJECTS) registerFacetsOf(subject, context);
}

function registerFacetsOf({ target, tag, things, operation }: Subject, context: ApiContext): void {
  const { app, clock } = context;
  app.get(
    `/${tag}/facets`,
    {
      schema: {
        operationId: operation("facets"),
        summary: `The commonest values of some fields of ${things}`,
        tags: [tag],
        querystring: facetsRequest,
        response: answers(facetsResponse),
      },
    },
    async (request): Promise<FacetsResponse> => {
      const { query, limit } = request.query;
      const names = readNames(request.query.fields);
      const filter = readFilter(query, target);
      const window = readWindow(request.query, clock());
      const begin = performance.now();
      const found = await valuesOfFields(context, names, window, filter, limit, request.signal);
      return {
        ...window,
        facets: found.map(({ values, approximate }, index) => ({
          field: names[index] as string,
          values: [...values],
          approximate,
        })),
        partial: found.some(({ isPartial }) => isPartial),
        // Columns were counted together and share one object.
        statistics: addStatistics([...new Set(found.map(({ statistics }) => statistics))], begin),
      };
    },
  );
}

function readNames(text: string): readonly string[] {
  const names = [...new Set(text.split(",").map((name) => name.trim()))].filter((name) => name !== "");
  if (names.length === 0 || names.length > MOST_FIELDS || names.some((name) => name.length > LONGEST_NAME)) {
    throw new PolylogError(
      "POLYLOG_E_BAD_REQUEST",
      `\`fields\` must name 1 to ${MOST_FIELDS} fields of at most ${LONGEST_NAME} characters.`,
      { remedy: "Separate names by commas: fields=level,service,http.route" },
    );
  }
  return names;
}
