import type { NextErrorContext, NextRequest } from "./next-error.ts";
import type { NextNodeOptions } from "./next-node.ts";

export type { NextErrorContext, NextRequest } from "./next-error.ts";

// Next.js compiles this file for its edge runtime as well, which has no node:http. It puts the runtime's name in place
// of the variable and leaves out what is never reached: hence the imports within the branches.

/**
 * For `instrumentation.ts` of Next.js: logs each request that the server answers, but those for its own files.
 * The package has to stay outside of the bundles, so that all of them log to one Polylog:
 * `serverExternalPackages: ["polylog"]` in `next.config.mjs`.
 *
 * @example
 * export { onRequestError, register } from "polylog/next";
 */
export async function register(options?: NextNodeOptions): Promise<void> {
  if (process.env.NEXT_RUNTIME === "edge") return;
  const { logServerRequests } = await import("./next-node.ts");
  logServerRequests(options);
}

/** For `instrumentation.ts` of Next.js: logs what was thrown while a request was answered, with its route. */
export async function onRequestError(
  error: unknown,
  request: NextRequest,
  context: NextErrorContext,
): Promise<void> {
  if (process.env.NEXT_RUNTIME === "edge") return;
  const { logRequestError } = await import("./next-node.ts");
  logRequestError(error, request, context);
}
