import type { FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";

/** What the caller is told of an error: refusals as problems; failures of ours as they are, once they are logged. */
export function refusalOf(error: unknown, request: FastifyRequest, log: Logger): unknown {
  const problem = asProblem(error);
  if (problem !== undefined) return problem;
  log.error("an API request failed", {
    route: request.routeOptions.url,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return error;
}

/** Refusals as problems; undefined for failures of ours. */
function asProblem(error: unknown): PolylogError | undefined {
  if (error instanceof PolylogError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const reasons = error.validation.map(
      ({ instancePath, message }) => `\`${instancePath.slice(1)}\`: ${message}`,
    );
    return new PolylogError(
      "POLYLOG_E_BAD_REQUEST",
      `The request can't be understood: ${reasons.join("; ")}.`,
      {
        remedy: "The API is described at /api/openapi.json.",
      },
    );
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode === undefined || statusCode >= 500) return undefined;
  return new PolylogError("POLYLOG_E_BAD_REQUEST", message ?? "The request can't be understood.");
}
