import { noteAway } from "./connection.ts";
import { takeEarly } from "./early.ts";
import { ApiError, problemOf, ServerAwayError } from "./problem.ts";

const API = "/api/v1";

export type Parameters = Readonly<Record<string, string | number | undefined>>;

export function apiUrl(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? `${API}${path}` : `${API}${path}?${text}`;
}

/**
 * Asks the server. A question that finds it away says so to the connection; that it is back is the status's
 * to say, which asks until it is.
 *
 * @throws {ApiError} when it says no
 * @throws {ServerAwayError} when it does not answer
 */
export function getJson<T>(path: string, parameters: Parameters, signal?: AbortSignal): Promise<T> {
  return askJson("GET", path, parameters, signal);
}

/** Tells the server to do something. Throws as {@link getJson} does. */
export function postJson<T>(path: string, parameters: Parameters = {}): Promise<T> {
  return askJson("POST", path, parameters);
}

async function askJson<T>(
  method: "GET" | "POST",
  path: string,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<T> {
  let response: Response;
  let body: unknown;
  try {
    const url = apiUrl(path, parameters);
    const early = method === "GET" ? takeEarly(url) : undefined;
    response = await (early ??
      fetch(url, { method, signal: signal ?? null, headers: { accept: "application/json" } }));
    const text = await response.text();
    body = response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  } catch (error) {
    if (signal?.aborted) throw error;
    noteAway("unreachable");
    throw new ServerAwayError("The server does not answer", { cause: error });
  }
  if (response.ok) return body as T;
  const problem = problemOf(response.status, body);
  if (problem.code === "POLYLOG_E_STORE_UNAVAILABLE" || problem.code === "POLYLOG_E_STOPPING")
    noteAway("store");
  if (response.status === 502 || response.status === 504) {
    noteAway("unreachable");
    throw new ServerAwayError("The server does not answer");
  }
  throw new ApiError(response.status, problem);
}
