import { type OpenRequest, pathOf, type RequestHead, type RequestLog } from "./request-log.ts";

/** A request of `node:http` or `node:http2`, as far as it is looked at. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A response of `node:http` or `node:http2`, as far as it is looked at. */
export interface NodeResponse {
  readonly statusCode: number;
  readonly headersSent: boolean;
  getHeader(name: string): number | string | readonly string[] | undefined;
  once(event: "finish" | "close", listener: () => void): unknown;
}

export function headerOf(request: Pick<NodeRequest, "headers">): RequestHead["header"] {
  return (name) => {
    const value = request.headers[name];
    return typeof value === "string" ? value : value?.[0];
  };
}

export interface NodeRequestDetails {
  /** The whole target, where a framework has cut `url`. */
  readonly url?: string | undefined;
  readonly id?: string | undefined;
  /** Asked at the end, when the framework has found its route. */
  readonly route?: () => string | undefined;
}

/** Begins the log of a request and ends it with the response, or with the connection. */
export function beginNodeRequest(
  log: RequestLog,
  request: NodeRequest,
  response: NodeResponse,
  { url = request.url, id, route }: NodeRequestDetails = {},
): OpenRequest {
  const method = request.method ?? "GET";
  const open = log.begin({ method, path: pathOf(url), header: headerOf(request) }, id);
  const end = (aborted: boolean): void =>
    open.end({
      status: response.headersSent ? response.statusCode : undefined,
      route: route?.(),
      bytes: aborted || method === "HEAD" ? undefined : bytesOf(response),
      aborted,
    });
  response.once("finish", () => end(false));
  // Comes after `finish` too, when the line is there already.
  response.once("close", () => end(true));
  return open;
}

/** The size that the response told its client; one that is sent in chunks tells none. */
function bytesOf(response: NodeResponse): number | undefined {
  if (response.statusCode === 304) return undefined;
  const length = Number(response.getHeader("content-length") ?? Number.NaN);
  return Number.isSafeInteger(length) && length >= 0 ? length : undefined;
}
