import type { EnvironmentOptions } from "../config/environment.ts";
import type { SinkOptions } from "../config/options.ts";
import { messageOf } from "../format/error.ts";
import type { Problems } from "../problems.ts";
import { httpSink } from "../sinks/http/http-sink.ts";
import { otlpSink } from "../sinks/otlp/otlp-sink.ts";
import type { Sink } from "../sinks/sink.ts";
import type { Host } from "./host.ts";

/**
 * Where records go as long as code names no sinks: standard error; with `POLYLOG_FILE` the file instead, unless
 * `POLYLOG_STREAM` asks for both; with `POLYLOG_ENDPOINT` a server too, by Auralogs' protocol with a key and by OTLP
 * without one. In a child of `polylog/processes`, to its parent. A sink that can't be made is told of and left out; for a file the stream stands in.
 */
export function defaultSinks(
  host: Host,
  environment: Partial<Pick<EnvironmentOptions, "stream" | "file" | "endpoint" | "apiKey" | "environment">>,
  problems: Problems,
): Record<string, Sink | SinkOptions> {
  // The parent writes and ships; a second way would bring each record twice.
  if (host.parentSink !== undefined) return { parent: { sink: host.parentSink(problems), format: "json" } };
  const { stream, file, endpoint, apiKey } = environment;
  const fileSink = file === undefined ? undefined : attempt(() => host.fileSink?.(file, problems));
  const isStreamed = stream !== undefined || fileSink === undefined;
  return present({
    stream: isStreamed ? attempt(() => host.streamSink(stream ?? "stderr", problems)) : undefined,
    file: fileSink,
    ...(endpoint !== undefined && {
      [apiKey === undefined ? "otlp" : "http"]: attempt(() =>
        apiKey === undefined
          ? otlpSink({ url: `${endpoint.replace(/\/+$/, "")}/v1/logs`, problems })
          : httpSink({ endpoint, apiKey, environment: environment.environment, problems }),
      ),
    }),
  });

  function attempt(make: () => Sink | undefined): Sink | undefined {
    try {
      return make();
    } catch (error) {
      const reason = messageOf(error);
      problems.tell(
        "POLYLOG_E_CONFIG",
        `environment ${reason}`,
        `a sink of the environment can't be made: ${reason}`,
      );
      return undefined;
    }
  }
}

function present(sinks: Readonly<Record<string, Sink | undefined>>): Record<string, Sink> {
  return Object.fromEntries(
    Object.entries(sinks).filter((entry): entry is [string, Sink] => entry[1] !== undefined),
  );
}
