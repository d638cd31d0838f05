import type { FastifyInstance } from "fastify";
import { auralogsOnLogsPath, registerAuralogsSingle } from "./auralogs/receiver.ts";
import { registerDatadog } from "./datadog/receiver.ts";
import { registerElasticsearch } from "./elasticsearch/receiver.ts";
import { registerGelfHttp } from "./gelf/http.ts";
import { registerJournald } from "./journald/receiver.ts";
import { registerJsonl } from "./jsonl/receiver.ts";
import { registerLoggly } from "./loggly/receiver.ts";
import type { LogsPathSharer } from "./logs-path.ts";
import { registerLoki } from "./loki/receiver.ts";
import { registerOtlpHttp } from "./otlp/http.ts";
import { papertrailLogs, registerPapertrail } from "./papertrail/receiver.ts";
import { registerRaygun } from "./raygun/receiver.ts";
import type { ReceiverContext } from "./receiver.ts";
import { registerScalyr } from "./scalyr/receiver.ts";
import { registerSentry } from "./sentry/receiver.ts";
import { registerSplunk } from "./splunk/receiver.ts";
import { registerText } from "./text/receiver.ts";
import { registerZipkin } from "./zipkin/receiver.ts";

/** The intakes over HTTP, beside OTLP; one line each. All share the main port. */
const INTAKES: readonly ((app: FastifyInstance, context: ReceiverContext) => void)[] = [
  registerJsonl,
  registerSplunk,
  registerLoki,
  registerElasticsearch,
  registerDatadog,
  registerLoggly,
  registerPapertrail,
  registerText,
  registerAuralogsSingle,
  registerGelfHttp,
  registerRaygun,
  registerScalyr,
  registerZipkin,
  registerSentry,
  registerJournald,
];

/** The protocols that share `POST /v1/logs` with OTLP; the first that claims a request gets it. */
const LOGS_PATH_SHARERS: readonly ((context: ReceiverContext) => LogsPathSharer)[] = [
  auralogsOnLogsPath,
  papertrailLogs,
];

/**
 * Registers every intake over HTTP.
 *
 * @example
 * registerHttpIntakes(app, context);
 * await app.listen({ port: 4318 });
 */
export function registerHttpIntakes(app: FastifyInstance, context: ReceiverContext): void {
  registerOtlpHttp(
    app,
    context,
    LOGS_PATH_SHARERS.map((sharer) => sharer(context)),
  );
  for (const register of INTAKES) register(app, context);
}
