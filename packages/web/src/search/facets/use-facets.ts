import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { facets, type Question } from "../../api/logs.ts";

/** Facets that every search has. */
export const STANDARD_FACETS = ["level", "service", "logger", "host", "runtime"] as const;
const VALUES_SHOWN = 8;
const VALUES_OF_LONG = 50;

/** The commonest values of the standard and the added fields, each field with as many as it is opened to. */
export function useFacets(question: Question, added: readonly string[], longFields: readonly string[]) {
  const fields = [
    ...STANDARD_FACETS,
    ...added.filter((field) => !STANDARD_FACETS.some((name) => name === field)),
  ];
  const short = fields.filter((field) => !longFields.includes(field));
  const long = fields.filter((field) => longFields.includes(field));
  const ask = (names: readonly string[], limit: number) => ({
    queryKey: ["facets", question, names, limit],
    queryFn: ({ signal }: { signal: AbortSignal }) => facets(question, names, limit, signal),
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
