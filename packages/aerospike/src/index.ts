export { DURATION_METRIC } from "./duration.ts";
export { AerospikeInstrumentation } from "./instrumentation.ts";
