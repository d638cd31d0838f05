import { register } from "node:module";
import { createAddHookMessageChannel } from "import-in-the-middle";
import { tracing } from "./api.ts";

/**
 * `node --import @polylog/tracing/register app.js`: tracing by the environment, and libraries are traced whether they are loaded as
 * ECMAScript modules or as CommonJS.
 */
const { registerOptions, waitForAllMessagesAcknowledged } = createAddHookMessageChannel();
register("import-in-the-middle/hook.mjs", import.meta.url, registerOptions);
tracing.init();
// Only modules that an instrumentation asked for are wrapped: the loader has to know before the first is loaded.
await waitForAllMessagesAcknowledged();
