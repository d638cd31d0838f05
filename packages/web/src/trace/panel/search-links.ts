import { quoteField, quoteValue } from "@polylog/server/query";
import type { SearchParams } from "../../search/page/search-params.ts";
import type { TracesParams } from "../../traces/traces-params.ts";
import type { TraceModel, TraceSpan } from "../model/trace-model.ts";

/** Clocks of the machines that a trace passes differ; its logs are looked for a little before and after it. */
const MARGIN_MS = 60_000;
const HALF_AN_HOUR_MS = 1_800_000;

/** A search for a field's value around the time of a trace. */
export function searchAround(model: TraceModel, field: string, value: string): SearchParams {
  const start = Number(model.start / 1_000_000n);
  return {
    q: `${quoteField(field)}:${quoteValue(value)}`,
    from: new Date(start - MARGIN_MS).toISOString(),
    to: new Date(start + model.duration / 1e6 + MARGIN_MS).toISOString(),
  };
}

/** Other traces of the same hour with a span of the same service and name. */
export function likeIt(model: TraceModel, { service, name }: TraceSpan): TracesParams {
  const start = Number(model.start / 1_000_000n);
  return {
    q: `service:${quoteValue(service)} name:${quoteValue(name)}`,
    from: new Date(start - HALF_AN_HOUR_MS).toISOString(),
    to: new Date(start + HALF_AN_HOUR_MS).toISOString(),
  };
}
