export { AerospikeLogsError, type AerospikeLogsErrorCode } from "../errors.ts";
export { type AerospikeLogsOptions, bridgeAerospikeLogs, type ClientLogging } from "./bridge.ts";
