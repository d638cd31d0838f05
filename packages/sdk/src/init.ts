import { polylog } from "./api.ts";
import { captureConsole, captureErrors, printer } from "./captures.ts";
import { readEnvironment } from "./config/environment.ts";
import type { Options } from "./config/options.ts";
import { type HttpSinkOptions, httpSink } from "./sinks/http/http-sink.ts";

/** What `init` takes: where records are sent, what beside log calls makes some, and fields for each of them. */
export interface InitOptions extends Omit<HttpSinkOptions, "apiKey"> {
  /** Key of the project. @defaultValue `POLYLOG_API_KEY`; so `endpoint` and `environment` have their variables */
  readonly apiKey?: string | undefined;
  readonly globalMetadata?: Options["globalMetadata"];
  /** Writes records to the standard error stream too. @defaultValue true */
  readonly console?: boolean | undefined;
  /**
   * Logs errors that nobody caught and rejections that nobody handled. The process ends as it would have.
   *
   * @defaultValue true
   */
  readonly captureErrors?: boolean | undefined;
  /** Logs what is written to the console, instead of printing it. In Node only. @defaultValue false */
  readonly captureConsole?: boolean | undefined;
}

/** Take back what the last call has captured. */
const undo: (() => void)[] = [];

/**
 * The shortest way to a server: sends all records there by Auralogs' protocol, beside the standard error stream. A later
 * call takes the place of an earlier one.
 *
 * @throws PolylogError `POLYLOG_E_ENDPOINT` for an address that can't be used, `POLYLOG_E_CONFIG` for no key
 * @example
 * init({ apiKey: "aura_…", endpoint: "https://logs.example.com", environment: "production" });
 * log.info("ready");
 */
export function init(options: InitOptions = {}): void {
  const {
    globalMetadata,
    console: isPrinted = true,
    captureErrors: isErrors = true,
    captureConsole: isConsole = false,
    ...sink
  } = options;
  const { apiKey, endpoint, environment } = readEnvironment(globalThis.process?.env ?? {}, polylog.problems);
  const http = httpSink({
    problems: polylog.problems,
    ...sink,
    apiKey: sink.apiKey ?? apiKey ?? "",
    endpoint: sink.endpoint ?? endpoint,
    environment: sink.environment ?? environment,
  });
  for (const release of undo.splice(0)) release();
  if (isConsole) undo.push(captureConsole());
  if (isErrors) undo.push(captureErrors());
  polylog.configure({
    sinks: isPrinted ? { stream: printer(), http } : { http },
    ...(globalMetadata === undefined ? {} : { globalMetadata }),
  });
}
