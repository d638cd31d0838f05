import type { FastifyInstance } from "fastify";
import { hasZodFastifySchemaValidationErrors, validatorCompiler } from "fastify-type-provider-zod";
import { API_PREFIX } from "../contract/index.ts";
import { PolylogError } from "../errors.ts";
import { sendProblem } from "../http/problem.ts";
import { createAsk } from "./ask.ts";
import { registerContext } from "./context/route.ts";
import { registerCount } from "./count/route.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { registerExplain } from "./explain/route.ts";
import { registerFacets } from "./facets/route.ts";
import { registerFields } from "./fields/route.ts";
import { registerHistogram } from "./histogram/route.ts";
import { registerOpenApi } from "./openapi.ts";
import { registerRecord } from "./record/route.ts";
import type { ApiApp, ApiContext } from "./routes.ts";
import { registerSearch } from "./search/route.ts";
import { registerStatus } from "./status/route.ts";
import { registerTail } from "./tail/route.ts";
import { registerTrace } from "./trace/route.ts";
import { registerValues } from "./values/route.ts";

const ROUTES: readonly ((context: ApiContext) => void)[] = [
  registerSearch,
  registerHistogram,
  registerCount,
  registerFacets,
  registerFields,
  registerValues,
  registerExplain,
  registerTail,
  registerRecord,
  registerContext,
  registerTrace,
  registerStatus,
];

/**
 * Serves the HTTP API under {@link API_PREFIX} and its description at `/api/openapi.json`.
 *
 * Every question runs as the engine's read-only user within `deps.limits`, and is cancelled when its asker leaves.
 */
export async function registerApi(app: FastifyInstance, deps: ApiDependencies): Promise<void> {
  const ask = createAsk(deps);
  await app.register(
    async (scope: ApiApp) => {
      scope.setValidatorCompiler(validatorCompiler);
      // What we send is of our own making and typed: checking it again would cost more than making it.
      scope.setSerializerCompiler(() => (data) => JSON.stringify(data));
      scope.setErrorHandler((error, request, reply) => {
        const problem = asProblem(error);
        if (problem === undefined) {
          deps.log.error("an API request failed", {
            route: request.routeOptions.url,
            error: error instanceof Error ? (error.stack ?? error.message) : String(error),
          });
        }
        return sendProblem(reply, problem ?? error);
      });
      await registerOpenApi(scope, deps.version);
      for (const register of ROUTES) {
        await scope.register(async (routes: ApiApp) => register({ ...deps, app: routes, ask }), {
          prefix: API_PREFIX.slice("/api".length),
        });
      }
    },
    { prefix: "/api" },
  );
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
