import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { parentPort, workerData } from "node:worker_threads";
import type { Options } from "../../config/options.ts";
import { type Inlet, openInlet } from "../inlet.ts";
import type { PinoDestinationOptions } from "./destination.ts";
import { readHead } from "./head.ts";
import { levelOf, type PinoKeys, readLine } from "./line.ts";

/**
 * What a worker can be given: plain data. Whatever `configure` takes applies to the worker's own Polylog, and the
 * environment does as ever. Without a level from either, all that pino lets through is logged.
 */
export type PinoTransportOptions = PinoDestinationOptions &
  Omit<Options, "globalMetadata" | "sinks"> & {
    readonly globalMetadata?: Readonly<Record<string, unknown>> | undefined;
  };

/**
 * A transport for pino: runs in a worker thread, where pino loads it by name.
 *
 * @example
 * const log = pino({ transport: { target: "polylog/pino", options: { format: "json" } } });
 */
export async function pinoTransport(options: PinoTransportOptions = {}): Promise<Writable> {
  const { polylog, logger = "", messageKey, errorKey, levels, ...configuration } = options;
  delete (configuration as { pinoWillSendConfig?: unknown }).pinoWillSendConfig;
  const inlet = openInlet(polylog);
  configureWorker(inlet, configuration);
  const told = await toldByPino();
  const keys = { messageKey: messageKey ?? told.messageKey, errorKey: errorKey ?? told.errorKey, levels };
  return lineStream(inlet, (line) => {
    const head = readHead(line);
    const name = head?.name ?? logger;
    const level = levelOf(head?.level, levels);
    if (inlet.isEnabled(name, level)) inlet.emit(readLine(line, head, name, level, keys));
  });
}

function configureWorker(inlet: Inlet, { level, ...options }: Omit<Options, "sinks">): void {
  const isLevelled = process.env.POLYLOG_LEVEL !== undefined || process.env.POLYLOG_FILTER !== undefined;
  const own = level ?? (isLevelled ? undefined : "trace");
  inlet.polylog.configure(own === undefined ? options : { ...options, level: own });
}

/** How long pino is waited for; it tells its keys when it is made, which may be long after its transport or never. */
const MOST_WAIT_MS = 1_000;

type KeysOfPino = Pick<PinoKeys, "messageKey" | "errorKey">;

/** What pino tells a worker of itself: the keys it was given. */
function toldByPino(): Promise<KeysOfPino> {
  const { workerData: given } = (workerData ?? {}) as { workerData?: { pinoWillSendConfig?: boolean } };
  if (parentPort === null || given?.pinoWillSendConfig !== true) return Promise.resolve({});
  const port = parentPort;
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle({}), MOST_WAIT_MS);
    function settle(keys: KeysOfPino): void {
      clearTimeout(timer);
      port.off("message", receive);
      resolve(keys);
    }
    function receive(message: { code?: string; config?: KeysOfPino }): void {
      if (message?.code === "PINO_CONFIG") settle(message.config ?? {});
    }
    port.on("message", receive);
  });
}

function lineStream(inlet: Inlet, take: (line: string) => void): Writable {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  function read(text: string): void {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line !== "") take(line);
  }
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      read(decoder.write(chunk));
      done();
    },
    final(done) {
      read(`${decoder.end()}\n`);
      inlet.polylog.shutdown().then(() => done(), done);
    },
  });
  return Object.assign(stream, {
    flush: (done: (error?: Error) => void) => void inlet.polylog.flush().then(() => done(), done),
  });
}
