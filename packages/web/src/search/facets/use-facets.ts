import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Question } from "../../api/logs.ts";
import { facets, useSubject } from "../../api/subject.ts";

const VALUES_SHOWN = 8;
const VALUES_OF_LONG = 50;

/** The commonest values of the fields that are always there and of the added ones, each field with as many as it is opened to. */
export function useFacets(question: Question, added: readonly string[], longFields: readonly string[]) {
  const subject = useSubject();
  const fields = [...subject.facets, ...added.filter((field) => !subject.facets.includes(field))];
  const short = fields.filter((field) => !longFields.includes(field));
  const long = fields.filter((field) => longFields.includes(field));
  const ask = (names: readonly string[], limit: number) => ({
    queryKey: ["facets", subject.target, question, names, limit],
    queryFn: ({ signal }: { signal: AbortSignal }) => facets(subject, question, names, limit, signal),
    placeholderData: keepPreviousData,
    enabled: names.length > 0,
  });
  return {
    fields,
    short: useQuery(ask(short, VALUES_SHOWN)),
    long: useQuery(ask(long, VALUES_OF_LONG)),
    VALUES_SHOWN,
  };
}
