import type { IncomingMessage, ServerResponse } from "node:http";
import type { LogRow, RowLevel, StatusResponse } from "@polylog/server/contract";
import { parseQuery, topLevelParts } from "@polylog/server/query";
import { fieldValue } from "../src/fields/value.ts";
import { matches } from "./evaluate.ts";
import { type Made, makeTrace } from "./generate.ts";
import { outlineOf } from "./outline.ts";

/** What a test can change of the server while a page talks to it. */
export interface MockState {
  made: Made;
  /** Every request is dropped. */
  isAway: boolean;
  /** The engine is away: 503. */
  isStoreAway: boolean;
  /** What every question is answered with, instead of an answer. */
  refusal: object | undefined;
  /** Answers take this long, milliseconds. */
  delay: number;
  /** Rows a second that a tail sends, and how many times as many match. */
  tailRate: number;
  tailSampling: number;
  /** Paths and queries that were asked, in order. */
  readonly asked: string[];
}

class Refusal extends Error {
  readonly status: number;
  readonly problem: object;

  constructor(status: number, problem: object) {
    super("refused");
    this.status = status;
    this.problem = problem;
  }
}

const STANDARD = ["level", "service", "logger", "message", "trace", "span", "host", "runtime"];

function predicateOf(query: string): (row: LogRow) => boolean {
  const result = parseQuery(query);
  if (!result.ok) {
    const { message, start, end, expected } = result.error;
    throw new Refusal(400, { code: "POLYLOG_E_QUERY_SYNTAX", message, position: { start, end }, expected });
  }
  return (row) => matches(row, result.tree);
}

const times = new WeakMap<LogRow, number>();

function timeOf(row: LogRow): number {
  let time = times.get(row);
  if (time === undefined) {
    time = Date.parse(`${row.timestamp.slice(0, 23)}Z`);
    times.set(row, time);
  }
  return time;
}

/** The last questions: a page asks for list, histogram and facets of the same one. */
const cache = new Map<string, { rows: readonly LogRow[]; inWindow: readonly LogRow[] }>();

function ask(state: MockState, query: string, from: number, to: number) {
  const key = `${state.made.rows[0]?.id} ${state.made.rows.length} ${from} ${to} ${query}`;
  const known = cache.get(key);
  if (known) return known;
  const inWindow = state.made.rows.filter((row) => timeOf(row) >= from && timeOf(row) < to);
  const answer = { inWindow, rows: query.trim() === "" ? inWindow : inWindow.filter(predicateOf(query)) };
  if (cache.size > 8) cache.clear();
  cache.set(key, answer);
  return answer;
}

function count(rows: readonly LogRow[], field: string, limit: number, prefix = "") {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = fieldValue(row, field);
    if (value === undefined) continue;
    if (value.toLowerCase().startsWith(prefix.toLowerCase())) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, limit)
    .map(([value, number]) => ({ value, count: number }));
}

/** Answers one request of the API. Returns false when the path is not the API's. */
export async function answer(
  state: MockState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? "/", "http://mock");
  if (!url.pathname.startsWith("/api/v1/")) return false;
  if (state.isAway) {
    request.socket.destroy();
    return true;
  }
  state.asked.push(url.pathname.slice(7) + url.search);
  const path = url.pathname.slice("/api/v1".length);
  const parameter = (name: string) => url.searchParams.get(name) ?? "";
  if (path === "/logs/tail") {
    tail(state, parameter("query"), response);
    return true;
  }
  if (state.delay > 0 && path !== "/status") await new Promise((resolve) => setTimeout(resolve, state.delay));
  try {
    if (state.isStoreAway && path !== "/status") {
      throw new Refusal(503, {
        code: "POLYLOG_E_STORE_UNAVAILABLE",
        message: "The store is being restarted",
        remedy: "Try again in a moment.",
      });
    }
    if (state.refusal && path !== "/status") throw new Refusal(422, state.refusal);
    send(response, 200, route(state, path, parameter));
  } catch (error) {
    if (error instanceof Refusal) send(response, error.status, error.problem);
    else send(response, 500, { code: "POLYLOG_E_INTERNAL", message: String(error) });
  }
  return true;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function route(state: MockState, path: string, parameter: (name: string) => string): unknown {
  const now = Date.now();
  const from = parameter("from") === "" ? now - 900_000 : Number(parameter("from"));
  const to = parameter("to") === "" ? now : Number(parameter("to"));
  const started = performance.now();
  const { inWindow, rows: found } = ask(state, path === "/logs/fields" ? "" : parameter("query"), from, to);
  const statistics = () => ({
    elapsedMs: performance.now() - started,
    rowsRead: inWindow.length,
    bytesRead: inWindow.length * 212,
  });

  switch (path) {
    case "/status":
      return {
        version: "0.1.0",
        ready: !state.isStoreAway,
        engine: { kind: "embedded", state: state.isStoreAway ? "restarting" : "ready", version: "26.1" },
        startedAt: now - 3_600_000,
        now,
        logs: state.made.rows.length,
        spans: 4000,
        bytesOnDisk: 12_345_678,
        retentionDays: 30,
        endpoints: { http: "http://127.0.0.1:4318", grpc: "127.0.0.1:4317" },
      } satisfies StatusResponse;
    case "/logs": {
      const rows = parameter("order") === "asc" ? found.toReversed() : found;
      const start = Number(parameter("cursor") || "0");
      const limit = Number(parameter("limit") || "100");
      const end = start + limit;
      return {
        from,
        to,
        rows: rows.slice(start, end),
        nextCursor: end < rows.length ? String(end) : null,
        partial: false,
        statistics: statistics(),
      };
    }
    case "/logs/histogram": {
      const wanted = Number(parameter("buckets") || "60");
      const steps = [
        1, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000,
        10_800_000, 86_400_000,
      ];
      const interval = steps.find((step) => (to - from) / step <= wanted) ?? 86_400_000;
      const buckets = new Map<number, Partial<Record<RowLevel, number>>>();
      for (const row of found) {
        const time = Math.floor(timeOf(row) / interval) * interval;
        const counts = buckets.get(time) ?? {};
        counts[row.level] = (counts[row.level] ?? 0) + 1;
        buckets.set(time, counts);
      }
      return {
        from,
        to,
        interval,
        buckets: [...buckets].sort((a, b) => a[0] - b[0]).map(([time, counts]) => ({ time, counts })),
        total: found.length,
        partial: false,
        statistics: statistics(),
      };
    }
    case "/logs/facets": {
      const limit = Number(parameter("limit") || "10");
      const facets = parameter("fields")
        .split(",")
        .map((field) => ({
          field,
          values: count(found, field, limit),
          approximate: !STANDARD.includes(field),
        }));
      return { from, to, facets, partial: false, statistics: statistics() };
    }
    case "/logs/fields": {
      const counts = new Map<string, number>();
      const kinds = new Map<string, string>();
      for (const row of inWindow.slice(0, 5000)) {
        for (const [kind, attributes] of [
          ["attribute", row.attributes],
          ["resource", row.resource],
          ["scope", row.scope],
        ] as const) {
          for (const name of Object.keys(attributes)) {
            counts.set(name, (counts.get(name) ?? 0) + 1);
            kinds.set(name, kind);
          }
        }
      }
      const columns = STANDARD.map((name) => ({ name, kind: "column", count: inWindow.length }));
      const others = [...counts]
        .sort((a, b) => b[1] - a[1])
        .map(([name, number]) => ({ name, kind: kinds.get(name) ?? "attribute", count: number }));
      return { fields: [...columns, ...others], statistics: statistics() };
    }
    case "/logs/values":
      return {
        values: count(found, parameter("field"), 50, parameter("prefix")),
        approximate: false,
        statistics: statistics(),
      };
    case "/logs/explain": {
      const query = parameter("query");
      const parsed = parseQuery(query);
      const parts = parsed.ok ? topLevelParts(parsed.tree, query) : [];
      const newest = state.made.rows.find(predicateOf(query));
      return {
        from,
        to,
        inWindow: inWindow.length,
        parts: parts.map((part) => ({
          text: part.text,
          start: part.start,
          end: part.end,
          countWithout: inWindow.filter((row) =>
            parts.every((other) => other === part || matches(row, other.tree)),
          ).length,
        })),
        newestMatch: newest?.timestamp ?? null,
      };
    }
  }
  const context = /^\/logs\/(\d+)\/context$/.exec(path);
  if (context) {
    const at = rowIndex(state, context[1] as string);
    const record = state.made.rows[at] as LogRow;
    const before: LogRow[] = [];
    const after: LogRow[] = [];
    const isSame = (row: LogRow) => row.service === record.service && row.host === record.host;
    for (
      let i = at + 1;
      i < state.made.rows.length && before.length < Number(parameter("before") || "10");
      i++
    ) {
      const row = state.made.rows[i] as LogRow;
      if (isSame(row)) before.unshift(row);
    }
    for (let i = at - 1; i >= 0 && after.length < Number(parameter("after") || "10"); i--) {
      const row = state.made.rows[i] as LogRow;
      if (isSame(row)) after.push(row);
    }
    return { before, record, after, statistics: statistics() };
  }
  const one = /^\/logs\/(\d+)$/.exec(path);
  if (one) return state.made.rows[rowIndex(state, one[1] as string)];
  const trace = /^\/traces\/([0-9a-f]{32})(\/outline)?$/.exec(path);
  if (trace) {
    const traceId = trace[1] as string;
    const logs = state.made.rows.filter((row) => row.traceId === traceId).slice(0, 8);
    const at = logs[0] ? timeOf(logs[0]) : now - 60_000;
    const spans = makeTrace(traceId, at);
    // The generated logs name spans that do not exist: give each a span of the trace, and a time within it.
    const placed = logs.map((row, index) => {
      const span = spans[(index * 7) % spans.length];
      const start = span ? Date.parse(`${span.timestamp.slice(0, 23)}Z`) : at;
      const within = start + (Number(span?.duration ?? "0") / 1e6) * 0.6;
      return { ...row, spanId: span?.spanId ?? "", timestamp: new Date(within).toISOString() };
    });
    if (trace[2]) return outlineOf(spans, placed);
    return { traceId, spans, logs: placed, partial: false, statistics: statistics() };
  }
  throw new Refusal(404, { code: "POLYLOG_E_NOT_FOUND", message: `There is nothing at ${path}` });
}

function rowIndex(state: MockState, id: string): number {
  const index = state.made.rows.findIndex((row) => row.id === id);
  if (index < 0) throw new Refusal(404, { code: "POLYLOG_E_NOT_FOUND", message: `There is no record ${id}` });
  return index;
}

function tail(state: MockState, query: string, response: ServerResponse): void {
  const isMatch = predicateOf(query);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const timer = setInterval(() => {
    if (state.isAway) {
      response.destroy();
      return;
    }
    const rows: LogRow[] = [];
    for (let index = 0; index < Math.max(1, state.tailRate / 5) && state.tailRate > 0; index++) {
      const row = state.made.make(Date.now());
      if (isMatch(row)) rows.push(row);
    }
    if (rows.length === 0) return;
    state.made.rows.unshift(...rows.toReversed());
    response.write(
      `id: ${rows.at(-1)?.id}\nevent: rows\ndata: ${JSON.stringify({ rows, matched: rows.length * state.tailSampling })}\n\n`,
    );
  }, 200);
  response.on("close", () => clearInterval(timer));
}
