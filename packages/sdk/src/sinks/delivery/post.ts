import { isError } from "../../format/error.ts";
import { retryAfter } from "./backoff.ts";
import { untraced } from "./untraced.ts";

/** What is sent: a whole POST request. */
export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back; a status of 0 when nothing did, and `body` says why. */
export interface Answer {
  readonly status: number;
  /** Milliseconds the server asks to wait before the next try. */
  readonly retryAfter?: number | undefined;
  readonly body: string;
}

/** What an answer means for the records that were sent. */
export type Verdict =
  | { readonly kind: "taken"; readonly rejected: number; readonly reason: string }
  | { readonly kind: "again"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

export interface PostOptions {
  /** Milliseconds until the server is given up. */
  readonly timeout: number;
  readonly isCompressed: boolean;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

/** Characters of an answer that are read; the rest is of no use and may be endless. */
const MOST_BODY = 64 * 1024;

/** Sends a request. Never rejects. Redirects are not followed: they would hand the key to whoever they name. */
export async function post(request: PostRequest, options: PostOptions): Promise<Answer> {
  // By itself: a browser's refuses to be called as a method of anything else.
  const { fetch } = options;
  try {
    const headers: Record<string, string> = { ...request.headers };
    let body: string | Uint8Array<ArrayBuffer> = request.body;
    if (options.isCompressed) {
      body = await gzip(body);
      headers["content-encoding"] = "gzip";
    }
    const timeout = AbortSignal.timeout(options.timeout);
    // Node 20 lets go of a timeout that only `AbortSignal.any` knows, at the next garbage collection: it never ends then.
    timeout.addEventListener("abort", () => {});
    const response = await untraced(() =>
      fetch(request.url, {
        method: "POST",
        headers,
        body,
        redirect: "manual",
        signal: AbortSignal.any([options.signal, timeout]),
      }),
    );
    return {
      status: response.status,
      retryAfter: retryAfter(response.headers.get("retry-after"), Date.now()),
      body: await beginningOf(response),
    };
  } catch (error) {
    return { status: 0, body: reasonOf(error) };
  }
}

/** With the web's own stream, so that it runs in browsers too. */
async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function beginningOf(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    // Leaving the loop cancels the rest.
    if (text.length >= MOST_BODY) break;
  }
  return text.slice(0, MOST_BODY);
}

function reasonOf(error: unknown): string {
  if (!isError(error)) return String(error);
  // fetch says only "fetch failed" and keeps what happened as the cause.
  const { cause } = error;
  if (isError(cause)) return cause.message || ("code" in cause ? String(cause.code) : cause.name);
  return error.message;
}
