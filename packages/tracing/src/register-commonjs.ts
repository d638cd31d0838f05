import { tracing } from "./api.ts";

/** `node --require @polylog/tracing/register app.cjs`: like the module of this name, for applications in CommonJS. */
tracing.init();
