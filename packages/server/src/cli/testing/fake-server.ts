import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { ExplainResponse, Problem, SearchResponse } from "../../contract/index.ts";
import type { LogRow } from "../../contract/rows.ts";

export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  /** The requests that came, oldest first. */
  readonly requests: {
    readonly url: URL;
    readonly headers: IncomingMessage["headers"];
    readonly body: Buffer;
  }[];
}

export type Answer = (url: URL, response: ServerResponse, request: IncomingMessage, body: Buffer) => void;

/** An HTTP server on a free port that answers as it is told. */
export async function fakeServer(answer: Answer): Promise<FakeServer> {
  const requests: FakeServer["requests"] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? "/", "http://fake");
    requests.push({ url, headers: request.headers, body });
    answer(url, response, request, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export const sendProblem = (response: ServerResponse, problem: Problem, status = 400): void =>
  sendJson(response, problem, status);

/** Takes in JSON lines as the server does, and keeps them. */
export function taking(lines: Record<string, unknown>[]): Answer {
  return (url, response, _, body) => {
    if (url.pathname.endsWith("/status")) return sendJson(response, {});
    const text = gunzipSync(body).toString("utf8");
    const taken = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    lines.push(...taken);
    sendJson(response, { accepted: taken.length });
  };
}

/** A row, with what a test doesn't care for filled in. */
export function row(given: Partial<LogRow> = {}): LogRow {
  return {
    id: "1",
    timestamp: "2026-03-27T10:23:45.123456789Z",
    observedTimestamp: "2026-03-27T10:23:45.123456789Z",
    level: "info",
    severityNumber: 9,
    severityText: "INFO",
    service: "checkout",
    logger: "app.payments",
    host: "web-1",
    runtime: "node",
    body: "card declined",
    eventName: "",
    traceId: "",
    spanId: "",
    receiver: "otlp",
    attributes: {},
    resource: {},
    scope: {},
    ...given,
  };
}

const statistics = { elapsedMs: 1, rowsRead: 1, bytesRead: 1 };

/** The rows as a store would answer for them: sorted by time, paged, in the order asked for. */
function searchAnswer(rows: readonly LogRow[], url: URL): SearchResponse {
  const limit = Number(url.searchParams.get("limit") ?? 100);
  const start = Number(url.searchParams.get("cursor") ?? 0);
  const sorted = rows.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  if (url.searchParams.get("order") !== "asc") sorted.reverse();
  const page = sorted.slice(start, start + limit);
  const next = start + page.length;
  return {
    from: 0,
    to: 1,
    rows: page,
    nextCursor: next < sorted.length ? String(next) : null,
    partial: false,
    statistics,
  };
}

/** A record of that second of 2026-03-27T10:00Z, which {@link line} is the line of. */
export const at = (second: number, given: Partial<LogRow> = {}): LogRow =>
  row({
    id: String(second),
    timestamp: `2026-03-27T10:00:${String(second).padStart(2, "0")}.000000000Z`,
    body: `message ${second}`,
    service: "",
    logger: "",
    runtime: "",
    ...given,
  });

/** @param second below 10 */
export const line = (second: number): string => `2026-03-27T10:00:0${second}.000Z INFO  message ${second}\n`;

/** Answers every search out of the rows. */
export const searching =
  (rows: readonly LogRow[]): Answer =>
  (url, response) =>
    sendJson(response, url.pathname.endsWith("/explain") ? nothingExplained : searchAnswer(rows, url));

export const nothingExplained: ExplainResponse = {
  from: 0,
  to: 1,
  inWindow: 0,
  parts: [],
  newestMatch: null,
  partial: false,
  statistics,
};
