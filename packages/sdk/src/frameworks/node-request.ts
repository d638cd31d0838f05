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
  /** The length that the client was told, where a framework keeps its headers elsewhere. */
  readonly contentLength?: () => unknown;
}

/** Begins the log of a request and ends it with the response, or with the connection. */
export function beginNodeRequest(
  log: RequestLog,
  request: NodeRequest,
  response: NodeResponse,
  {
    url = request.url,
    id,
    route,
    contentLength = () => response.getHeader("content-length"),
  }: NodeRequestDetails = {},
): OpenRequest {
  const method = request.method ?? "GET";
  const open = log.begin({ method, path: pathOf(url), header: headerOf(request) }, id);
  const hasBody = (aborted: boolean) => !aborted && method !== "HEAD" && response.statusCode !== 304;
  const end = (aborted: boolean): void =>
    open.end({
      status: response.headersSent ? response.statusCode : undefined,
      route: route?.(),
      bytes: hasBody(aborted) ? sizeOf(contentLength()) : undefined,
      aborted,
    });
  response.once("finish", () => end(false));
  // Comes after `finish` too, when the line is there already.
  response.once("close", () => end(true));
  return open;
}

/** A response that is sent in chunks tells no length. */
export function sizeOf(contentLength: unknown): number | undefined {
  return /^\d{1,15}$/.test(String(contentLength)) ? Number(contentLength) : undefined;
}
