import type { EnvironmentOptions } from "../config/environment.ts";
import type { Problems } from "../problems.ts";
import { httpSink } from "../sinks/http/http-sink.ts";
import { otlpSink } from "../sinks/otlp/otlp-sink.ts";
import type { Sink } from "../sinks/sink.ts";
import type { Host } from "./host.ts";

/**
 * Where records go as long as code names no sinks: standard error; with `POLYLOG_FILE` the file instead, unless
 * `POLYLOG_STREAM` asks for both; with `POLYLOG_ENDPOINT` a server too, by Auralogs' protocol with a key and by OTLP
 * without one.
 */
export function defaultSinks(
  host: Host,
  environment: EnvironmentOptions,
  problems: Problems,
): Record<string, Sink> {
  const { stream, file, endpoint, apiKey } = environment;
  const sinks: Record<string, Sink> = {};
  if (file === undefined || stream !== undefined || host.fileSink === undefined) {
    sinks.stream = host.streamSink(stream ?? "stderr");
  }
  try {
    if (file !== undefined && host.fileSink !== undefined) sinks.file = host.fileSink(file);
    if (endpoint !== undefined && apiKey !== undefined) {
      sinks.http = httpSink({ endpoint, apiKey, environment: environment.environment, problems });
    } else if (endpoint !== undefined) {
      sinks.otlp = otlpSink({ url: `${endpoint.replace(/\/+$/, "")}/v1/logs`, problems });
    }
  } catch (error) {
    problems.tell(
      "POLYLOG_E_CONFIG",
      "environment",
      `a sink of the environment can't be made: ${(error as Error).message}`,
    );
  }
  return sinks;
}
