import { basename, extname } from "node:path";
import { LEVELS, type Level, type LogLevel, polylog as ours, type Polylog } from "polylog";
import { connectSource, type NativeInlet } from "polylog/native";
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

const STDERR = 2;
/** What the client writes when nobody says anything: warnings and errors. */
const CLIENT_DEFAULT: LogLevel = 1;

/** Made once, since the client can't be told to let go of it. */
let pipe: Pipe | undefined;
/** Who gets what comes out of it. */
let reader: { take(text: string): void; overflow(): void } | undefined;

/** What there is for a Polylog: made once, since a Polylog can't be told to let go of it either. */
interface Connection {
  readonly inlet: NativeInlet;
  readonly state: ConnectionState;
}

interface ConnectionState {
  /** What the Polylog wants of the client. */
  level: LogLevel;
  /** Lines that are known to be lost. */
  dropped: number;
  /** Of the bridge that is there: sets the client's level. */
  govern: ((level: LogLevel) => void) | undefined;
}

const connections = new WeakMap<Polylog, Connection>();

function connectionOf(polylog: Polylog): Connection {
  const known = connections.get(polylog);
  if (known !== undefined) return known;
  const state: ConnectionState = { level: CLIENT_DEFAULT, dropped: 0, govern: undefined };
  const inlet = connectSource(polylog, {
    drain() {
      if (state.govern !== undefined) pipe?.drain();
    },
    get dropped() {
      return state.dropped;
    },
    setFilter(filter) {
      state.level = neededLevel(filter);
      state.govern?.(state.level);
    },
  });
  const connection = { inlet, state };
  connections.set(polylog, connection);
  return connection;
}

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
  const { polylog = ours } = options;
  pipe ??= openPipe(
    (text) => reader?.take(text),
    () => reader?.overflow(),
  );
  const { descriptor, drain } = pipe;
  let isOver = false;
  client.setDefaultLogging({ file: descriptor });
  const { inlet, state } = connectionOf(polylog);
  const govern = (level: LogLevel) => client.setDefaultLogging({ level });
  state.govern = govern;
  govern(state.level);

  function send(name: string, level: Level, time: number, message: string, metadata?: object): void {
    const logger = inlet.logger(name, "cpp");
    const rank = LEVELS.indexOf(level);
    if (logger.isEnabled(rank)) logger.send(rank, time, message, metadata, undefined, undefined);
  }

  let last: Level = "info";
  reader = {
    take: createLineSplitter((text) => {
      const line = parseLine(text);
      last = line?.level ?? last;
      if (line === undefined) send(ROOT, last, Date.now(), text);
      else send(loggerOf(line), line.level, timeOf(line), line.message, fieldsOf(line));
    }),
    overflow() {
      // At least that many: nobody knows how many more.
      state.dropped++;
      send(ROOT, "warn", Date.now(), "the client logged faster than could be read: lines may be missing");
    },
  };
  const mine = reader;

  return () => {
    if (isOver) return;
    drain();
    isOver = true;
    if (state.govern === govern) state.govern = undefined;
    if (reader !== mine) return;
    reader = undefined;
    client.setDefaultLogging({ level: CLIENT_DEFAULT, file: STDERR });
  };
}

function loggerOf({ file }: ClientLine): string {
  return `${ROOT}.${basename(file, extname(file))}`;
}

/** Now, as far as that is within the second that the line tells. */
function timeOf({ second }: ClientLine): number {
  return Math.max(second, Math.min(Date.now(), second + 999));
}

function fieldsOf({ file, line, function: name, processId }: ClientLine): object {
  return {
    "code.file.path": file,
    "code.line.number": line,
    "code.function.name": name,
    // That of another process that shares the pipe, such as a fork.
    ...(processId !== process.pid && { "process.pid": processId }),
  };
}
