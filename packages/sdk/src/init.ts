import { polylog } from "./api.ts";
import type { Options } from "./config/options.ts";
import { type HttpSinkOptions, httpSink } from "./sinks/http/http-sink.ts";
import { streamSink } from "./sinks/stream.ts";

/** What `init` takes: where records are sent, and fields for each of them. */
export interface InitOptions extends HttpSinkOptions {
  readonly globalMetadata?: Options["globalMetadata"];
  /** Writes records to the standard error stream too. @defaultValue true */
  readonly console?: boolean;
}

/**
 * The shortest way to a server: sends all records there by Auralogs' protocol, beside the standard error stream.
 *
 * @throws PolylogError `POLYLOG_E_ENDPOINT` for an address that can't be used
 * @example
 * init({ apiKey: "aura_…", endpoint: "https://logs.example.com", environment: "production" });
 * log.info("ready");
 */
export function init({ globalMetadata, console: isConsole = true, ...sink }: InitOptions): void {
  const http = httpSink({ problems: polylog.problems, ...sink });
  polylog.configure({
    sinks: isConsole ? { stream: streamSink("stderr"), http } : { http },
    ...(globalMetadata === undefined ? {} : { globalMetadata }),
  });
}
