import type { ContextResponse, HistogramResponse, LogRow, SearchResponse } from "@polylog/server/contract";
import { getJson } from "./client.ts";

/** What a question is about: query text and resolved bounds in milliseconds since 1970. */
export interface Question {
  readonly query: string;
  readonly from: number;
  readonly to: number;
}

export type Order = "desc" | "asc";

export function searchLogs(
  question: Question,
  page: { readonly limit: number; readonly order: Order; readonly cursor: string | undefined },
  signal?: AbortSignal,
): Promise<SearchResponse> {
  return getJson("/logs", { ...question, ...page }, signal);
}

export function histogram(
  question: Question,
  buckets: number,
  signal?: AbortSignal,
): Promise<HistogramResponse> {
  return getJson("/logs/histogram", { ...question, buckets }, signal);
}

export function record(id: string, time: string, signal?: AbortSignal): Promise<LogRow> {
  return getJson(`/logs/${encodeURIComponent(id)}`, { time }, signal);
}

export function recordContext(
  id: string,
  time: string,
  lines: { readonly before: number; readonly after: number },
  signal?: AbortSignal,
): Promise<ContextResponse> {
  return getJson(`/logs/${encodeURIComponent(id)}/context`, { time, ...lines }, signal);
}
