export { assertLogged, assertNotLogged } from "./assert-logged.ts";
export { type CapturedLogs, type CaptureOptions, captureLogs } from "./capture-logs.ts";
export type { ExpectedRecord } from "./expected-record.ts";
export type { Expectation, Logs } from "./find-logged.ts";
export { type IsolatedPolylog, isolatedPolylog } from "./isolated-polylog.ts";
export { polylogMatchers } from "./matchers.ts";
