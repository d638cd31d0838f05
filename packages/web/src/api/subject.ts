import type {
  ExplainResponse,
  FacetsResponse,
  FieldsResponse,
  ValuesResponse,
} from "@polylog/server/contract";
import type { Target } from "@polylog/server/query";
import { createContext, useContext } from "react";
import { getJson } from "./client.ts";
import type { Question } from "./logs.ts";

/** What a page asks about, for what search and traces have in common: facets, completion, why nothing is found. */
export interface Subject {
  readonly target: Target;
  readonly one: string;
  readonly many: string;
  /** Facets that are always there. */
  readonly facets: readonly string[];
}

export const RECORDS: Subject = {
  target: "logs",
  one: "record",
  many: "records",
  facets: ["level", "service", "logger", "host", "runtime"],
};

export const SPANS: Subject = {
  target: "traces",
  one: "span",
  many: "spans",
  facets: ["service", "name", "status", "kind", "host"],
};

/** Values that are asked for at once. */
export const VALUES_ASKED = 50;

const SubjectContext = createContext(RECORDS);

export const SubjectProvider = SubjectContext.Provider;

/** The subject of the page. */
export function useSubject(): Subject {
  return useContext(SubjectContext);
}

export function facets(
  { target }: Subject,
  question: Question,
  fields: readonly string[],
  limit: number,
  signal?: AbortSignal,
): Promise<FacetsResponse> {
  return getJson(`/${target}/facets`, { ...question, fields: fields.join(","), limit }, signal);
}

export function fieldNames(
  { target }: Subject,
  window: Omit<Question, "query">,
  signal?: AbortSignal,
): Promise<FieldsResponse> {
  return getJson(`/${target}/fields`, { from: window.from, to: window.to, limit: 1000 }, signal);
}

export function fieldValues(
  { target }: Subject,
  question: Question,
  field: string,
  prefix: string,
  signal?: AbortSignal,
): Promise<ValuesResponse> {
  return getJson(`/${target}/values`, { ...question, field, prefix, limit: VALUES_ASKED }, signal);
}

export function explain(
  { target }: Subject,
  question: Question,
  signal?: AbortSignal,
): Promise<ExplainResponse> {
  return getJson(`/${target}/explain`, { ...question }, signal);
}
