import type { LatencyResponse, ServicesResponse, TracesResponse } from "@polylog/server/contract";
import { getJson } from "./client.ts";
import type { Question } from "./logs.ts";

export type TraceOrder = "newest" | "longest";

export function searchTraces(
  question: Question,
  page: { readonly limit: number; readonly order: TraceOrder },
  signal?: AbortSignal,
): Promise<TracesResponse> {
  return getJson("/traces", { ...question, ...page }, signal);
}

export function latency(question: Question, columns: number, signal?: AbortSignal): Promise<LatencyResponse> {
  return getJson("/traces/latency", { ...question, columns }, signal);
}

export function services(window: Omit<Question, "query">, signal?: AbortSignal): Promise<ServicesResponse> {
  return getJson("/traces/services", { from: window.from, to: window.to }, signal);
}
