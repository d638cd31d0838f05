import type { FastifyInstance } from "fastify";
import { registerJsonl } from "./jsonl/receiver.ts";
import type { LogsPathSharer } from "./logs-path.ts";
import { registerOtlpHttp } from "./otlp/http.ts";
import type { ReceiverContext } from "./receiver.ts";
import { registerSplunk } from "./splunk/receiver.ts";

/** The intakes over HTTP, beside OTLP; one line each. All share the main port. */
const INTAKES: readonly ((app: FastifyInstance, context: ReceiverContext) => void)[] = [
  registerJsonl,
  registerSplunk,
];

/** The protocols that share `POST /v1/logs` with OTLP; the first that claims a request gets it. */
const LOGS_PATH_SHARERS: readonly ((context: ReceiverContext) => LogsPathSharer)[] = [];

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
