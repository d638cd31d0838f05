import { type FieldsResponse, fieldsRequest, fieldsResponse } from "../../contract/index.ts";
import { columnFields, fieldReference, type Place, type Target } from "../../query/index.ts";
import { totalQuestion } from "../count/question.ts";
import { EVERYTHING } from "../filter.ts";
import { type ApiContext, answers } from "../routes.ts";
import { addStatistics } from "../statistics.ts";
import { SUBJECTS, type Subject } from "../subjects.ts";
import { readWindow } from "../window.ts";
import { FIELDS_STATEMENTS } from "./sql.ts";

type Field = FieldsResponse["fields"][number];
type FieldValues = readonly [kind: Place, key: string, count: string];

/** `GET /logs/fields` and `GET /traces/fields`: the names of the fields that records or spans have. */
export function registerFields(context: ApiContext): void {
  for (const subject of SUBJECTS) registerFieldsOf(subject, context);
}

function registerFieldsOf(
  { target, tag, things, operation }: Subject,
  { app, ask, limits, clock }: ApiContext,
): void {
  app.get(
    `/${tag}/fields`,
    {
      schema: {
        operationId: operation("fields"),
        summary: `The names of the fields that ${things} have, commonest first`,
        tags: [tag],
        querystring: fieldsRequest,
        response: answers(fieldsResponse),
      },
    },
    async (request): Promise<FieldsResponse> => {
      const { prefix, limit } = request.query;
      const window = readWindow(request.query, clock());
      const begin = performance.now();
      const [keys, count] = await Promise.all([
        ask({ ...FIELDS_STATEMENTS[target](window, prefix, limit), atLimit: "fail" }, request.signal),
        ask(totalQuestion(window, EVERYTHING[target], limits), request.signal),
      ]);
      const records = Number(count.rows[0]?.[0] ?? 0);
      const columns = columnFields(target)
        .filter((name) => name.startsWith(prefix.toLowerCase()))
        .map((name): Field => ({ name, kind: "column", count: records }));
      return {
        fields: [...columns, ...fieldsOf(keys.rows, target)].slice(0, limit),
        partial: keys.isPartial || count.isPartial,
        statistics: addStatistics([keys.statistics, count.statistics], begin),
      };
    },
  );
}

const PREFIX = { attribute: "attributes.", resource: "resource.", scope: "scope." } as const satisfies Record<
  Place,
  string
>;

/**
 * Each key by the shortest name that means it: the key itself, unless that is a column's name or the same key lies
 * in another place as well.
 */
function fieldsOf(rows: readonly (readonly unknown[])[], target: Target): Field[] {
  const names = new Set<string>();
  return (rows as readonly FieldValues[]).map(([kind, key, count]) => {
    const reference = fieldReference(key, target);
    const isPlain = reference.key === key && reference.places.includes(kind) && !names.has(key);
    const name = isPlain ? key : `${PREFIX[kind]}${key}`;
    names.add(name);
    return { name, kind, count: Number(count) };
  });
}
