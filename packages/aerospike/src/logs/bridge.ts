import { basename, extname } from "node:path";
import { polylog as ours, type Polylog } from "polylog";
import { neededLevel, ROOT } from "./level.ts";
import { type ClientLine, parseLine } from "./line.ts";
import { createLineSplitter } from "./lines.ts";
import { openPipe, type Pipe } from "./pipe.ts";

/** The client: what `import Aerospike from "aerospike"` gives. */
export interface ClientLogging {
  setDefaultLogging(log: { readonly level?: number; readonly file?: number }): void;
}

export interface AerospikeLogsOptions {
  /** Where records go. @defaultValue the one of this process */
  readonly polylog?: Polylog | undefined;
}

/** Milliseconds until a changed level is known to the client. */
const REFRESH = 1_000;
const STDERR = 2;
/** What the client writes when nobody says anything: warnings and errors. */
const CLIENT_DEFAULT = 1;

/** Made once, since the client can't be told to let go of it. */
let pipe: Pipe | undefined;
let take: (text: string) => void = () => {};
let onOverflow: () => void = () => {};

/**
 * Logs what the client, which is written in C, would print: by loggers that are named after its files, such as `aerospike.as_cluster`, with
 * file, line and function as fields. Their levels govern the client too. To be called before clients are made: each keeps
 * the destination that it was made with.
 *
 * @returns takes it back; the client prints warnings and errors again
 * @throws AerospikeLogsError `POLYLOG_E_AEROSPIKE_PIPE` where no pipe can be made, as on Windows
 * @example
 * import Aerospike from "aerospike";
 * bridgeAerospikeLogs(Aerospike);
 * setFilter("info,aerospike=debug");
 */
export function bridgeAerospikeLogs(client: ClientLogging, options: AerospikeLogsOptions = {}): () => void {
  const polylog = options.polylog ?? ours;
  let last: Pick<ClientLine, "level"> = { level: "info" };
  const split = createLineSplitter((text) => {
    const line = parseLine(text);
    if (line === undefined) polylog.emit({ logger: ROOT, level: last.level, message: text, system: "cpp" });
    else emit(polylog, line);
    last = line ?? last;
  });
  take = split;
  onOverflow = () =>
    polylog.getLogger(ROOT).warn("the client logged faster than it could be read: lines may be missing");
  pipe ??= openPipe(
    (text) => take(text),
    () => onOverflow(),
  );
  const { descriptor, drain } = pipe;

  let level = neededLevel(polylog);
  client.setDefaultLogging({ level, file: descriptor });
  const refresh = setInterval(() => {
    const needed = neededLevel(polylog);
    if (needed === level) return;
    level = needed;
    client.setDefaultLogging({ level });
  }, REFRESH).unref();
  const end = () => {
    drain();
    polylog.flushSync();
  };
  process.on("exit", end);

  return () => {
    clearInterval(refresh);
    process.off("exit", end);
    drain();
    client.setDefaultLogging({ level: CLIENT_DEFAULT, file: STDERR });
  };
}

function emit(
  polylog: Polylog,
  { second, level, processId, file, line, function: name, message }: ClientLine,
): void {
  polylog.emit({
    logger: `${ROOT}.${basename(file, extname(file))}`,
    level,
    message,
    // Now, as far as that is within the second that the line tells.
    time: Math.max(second, Math.min(Date.now(), second + 999)),
    system: "cpp",
    metadata: {
      "code.file.path": file,
      "code.line.number": line,
      "code.function.name": name,
      ...(processId !== process.pid && { "process.pid": processId }),
    },
  });
}
