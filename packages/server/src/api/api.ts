import type { FastifyInstance } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { API_PREFIX } from "../contract/index.ts";
import { sendProblem } from "../http/problem.ts";
import { createAsk } from "./ask.ts";
import { registerBackups } from "./backups/route.ts";
import { registerContext } from "./context/route.ts";
import { registerCount } from "./count/route.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { registerExplain } from "./explain/route.ts";
import { registerFacets } from "./facets/route.ts";
import { registerFields } from "./fields/route.ts";
import { watchFreshParts } from "./fresh-parts.ts";
import { registerHistogram } from "./histogram/route.ts";
import { registerIntake } from "./intake/route.ts";
import { registerJaeger } from "./jaeger/route.ts";
import { registerLatency } from "./latency/route.ts";
import { refuseIfNodesAwayFor } from "./nodes-away.ts";
import { registerOpenApi } from "./openapi.ts";
import { registerOutline } from "./outline/route.ts";
import { registerRecord } from "./record/route.ts";
import { refusalOf } from "./refusal.ts";
import type { ApiApp, ApiContext } from "./routes.ts";
import { registerSearch } from "./search/route.ts";
import { registerServices } from "./services/route.ts";
import { registerSpan } from "./span/route.ts";
import { registerStatus } from "./status/route.ts";
import { registerStorage } from "./storage/route.ts";
import { registerTail } from "./tail/route.ts";
import { registerTrace } from "./trace/route.ts";
import { registerTraces } from "./traces/route.ts";
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
  registerTraces,
  registerLatency,
  registerServices,
  registerTrace,
  registerOutline,
  registerSpan,
  registerStatus,
  registerIntake,
  registerStorage,
  registerBackups,
];

/**
 * Serves the HTTP API under {@link API_PREFIX} and its description at `/api/openapi.json`.
 *
 * Every question runs as the engine's read-only user within `deps.limits`, and is cancelled when its asker leaves.
 */
export async function registerApi(app: FastifyInstance, deps: ApiDependencies): Promise<void> {
  const context = { ...deps, ask: createAsk(deps), hasFreshParts: watchFreshParts(deps) };
  await app.register(
    async (scope: ApiApp) => {
      scope.setValidatorCompiler(validatorCompiler);
      // What we send is of our own making and typed: checking it again would cost more than making it.
      scope.setSerializerCompiler(() => (data) => JSON.stringify(data));
      scope.setErrorHandler((error, request, reply) => {
        return sendProblem(reply, refusalOf(error, request, deps.log));
      });
      scope.addHook("preSerialization", async (request, _reply, payload) => {
        refuseIfNodesAwayFor(request.query, payload);
        return payload;
      });
      await registerOpenApi(scope, deps.version);
      for (const register of ROUTES) {
        await scope.register(async (routes: ApiApp) => register({ ...context, app: routes }), {
          prefix: API_PREFIX.slice("/api".length),
        });
      }
      await scope.register(async (routes: ApiApp) => registerJaeger({ ...context, app: routes }));
    },
    { prefix: "/api" },
  );
}
