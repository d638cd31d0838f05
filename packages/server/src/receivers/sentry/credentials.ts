import type { FastifyRequest } from "fastify";
import { textOf } from "../flatten.ts";

/** Characters of a DSN that are looked at. */
const MAX_DSN = 2048;

/**
 * The key that a request carries in its head: `X-Sentry-Auth: Sentry sentry_key=…`, the same in `Authorization`, or
 * `?sentry_key=…`, as browsers have it. Source: develop.sentry.dev, "Authentication".
 */
export function keyOfRequest({ headers, query }: FastifyRequest): string | undefined {
  const key = (query as { readonly sentry_key?: unknown }).sentry_key;
  return (
    keyIn(headers["x-sentry-auth"]) ??
    keyIn(headers.authorization) ??
    (typeof key === "string" ? key : undefined)
  );
}

function keyIn(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== "string" || !/^sentry\s/i.test(header)) return undefined;
  for (const part of header.slice("sentry ".length).split(",")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === "sentry_key" && value) return value;
  }
  return undefined;
}

/**
 * The key in a DSN, as an envelope's header may carry it: `https://KEY@host/1`.
 *
 * @example
 * keyOfDsn("http://secret@127.0.0.1:4318/1"); // "secret"
 */
export function keyOfDsn(dsn: unknown): string | undefined {
  const text = textOf(dsn);
  if (text === "" || text.length > MAX_DSN || !URL.canParse(text)) return undefined;
  return new URL(text).username || undefined;
}
