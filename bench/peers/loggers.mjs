import { once } from "node:events";
import { finished } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { requirePeer } from "./install.mjs";

/**
 * The loggers that are compared: how each is opened with what its documentation recommends for speed, writing a line
 * of JSON a record, and how it is called. `path` is a file, or `-` for standard output. `close` resolves when all
 * is written.
 */

/**
 * The loops are written out for each way of calling: what is timed is the call, and nothing around it.
 * `log.info({ order: 1 }, "paid")`
 */
const FIELDS_FIRST = {
  debug(log, times) {
    for (let i = 0; i < times; i++) log.debug("hello");
  },
  message(log, times) {
    for (let i = 0; i < times; i++) log.info("hello");
  },
  fields(log, times, make) {
    for (let i = 0; i < times; i++) log.info(make(), "hello");
  },
  error(log, times, error) {
    for (let i = 0; i < times; i++) log.error(error, "failed");
  },
};

/** `log.info("paid", { order: 1 })` */
const MESSAGE_FIRST = {
  ...FIELDS_FIRST,
  fields(log, times, make) {
    for (let i = 0; i < times; i++) log.info("hello", make());
  },
  error(log, times, error) {
    for (let i = 0; i < times; i++) log.error("failed", error);
  },
};

/** LogTape takes an error as a field like any other. */
const ERROR_AS_FIELD = {
  ...MESSAGE_FIRST,
  error(log, times, error) {
    for (let i = 0; i < times; i++) log.error("failed", { error });
  },
};

export const LOGGERS = {
  "polylog json": {
    calls: MESSAGE_FIRST,
    open: (path, options) => openPolylog(path, { format: "json", ...options }),
  },
  "polylog text": {
    calls: MESSAGE_FIRST,
    open: (path, options) => openPolylog(path, { format: "text", ...options }),
  },
  "polylog record": {
    calls: MESSAGE_FIRST,
    open: (path) => openPolylog(path, { format: "json", durability: "record" }),
  },
  // `npm i pino` and nothing else.
  pino: { calls: FIELDS_FIRST, open: (path) => openPino(pinoDestination, { dest: path }) },
  "pino sync": {
    calls: FIELDS_FIRST,
    open: (path) => openPino(pinoDestination, { dest: path, sync: true }),
  },
  "pino batched": {
    calls: FIELDS_FIRST,
    open: (path) => openPino(pinoDestination, { dest: path, sync: true, minLength: 4096 }),
  },
  // Later releases of sonic-boom copy all that they have gathered with each line; this is pino at its fastest.
  "pino tuned": {
    calls: FIELDS_FIRST,
    open: (path) => openPino(earlySonicBoom, { dest: path, sync: true, minLength: 4096 }),
  },
  "pino worker": { calls: FIELDS_FIRST, open: openPinoWorker },
  winston: { calls: MESSAGE_FIRST, open: openWinston },
  bunyan: { calls: FIELDS_FIRST, open: openBunyan },
  log4js: { calls: MESSAGE_FIRST, open: openLog4js },
  LogTape: { calls: ERROR_AS_FIELD, open: openLogTape },
};

const pinoDestination = (options) => requirePeer("pino").destination(options);

/** What pino makes of these options when they are synchronous, of the version that it isn't installed with. */
function earlySonicBoom(options) {
  const SonicBoom = requirePeer("sonic-boom-4.0.1");
  return new SonicBoom(options);
}

function openPino(makeDestination, options) {
  const pino = requirePeer("pino");
  const destination = makeDestination({ ...options, dest: options.dest === "-" ? 1 : options.dest });
  const log = pino({}, destination);
  return {
    log,
    child: (bindings) => log.child(bindings),
    async close() {
      const closed = once(destination, "close");
      destination.end();
      await closed;
    },
  };
}

function openPinoWorker(path) {
  const pino = requirePeer("pino");
  const destination = path === "-" ? 1 : path;
  const transport = pino.transport({ target: "pino/file", options: { destination } });
  const log = pino({}, transport);
  return {
    log,
    child: (bindings) => log.child(bindings),
    async close() {
      const ended = finished(transport);
      transport.end();
      await ended;
    },
  };
}

function openWinston(path) {
  const { createLogger, format, transports } = requirePeer("winston");
  const transport = path === "-" ? new transports.Console() : new transports.File({ filename: path });
  const log = createLogger({
    format: format.combine(format.errors({ stack: true }), format.timestamp(), format.json()),
    transports: [transport],
  });
  return {
    log,
    child: (bindings) => log.child(bindings),
    async close() {
      // Ended while it still passes records on to its transport, it writes after its end and throws.
      while (log.writableLength + log.readableLength + transport.writableLength > 0) await setImmediate();
      const ended = once(transport, "finish");
      log.end();
      await ended;
    },
  };
}

function openBunyan(path) {
  const bunyan = requirePeer("bunyan");
  const stream = path === "-" ? { stream: process.stdout } : { path };
  const log = bunyan.createLogger({ name: "bench", streams: [stream] });
  return {
    log,
    child: (bindings) => log.child(bindings),
    async close() {
      if (path === "-") return;
      const file = log.streams[0].stream;
      file.end();
      await finished(file);
    },
  };
}

function openLog4js(path) {
  const log4js = requirePeer("log4js");
  log4js.addLayout("json", () => (event) => {
    const [message, ...rest] = event.data;
    const extra =
      rest[0] instanceof Error ? { error: { message: rest[0].message, stack: rest[0].stack } } : rest[0];
    return JSON.stringify({
      time: event.startTime,
      level: event.level.levelStr,
      name: event.categoryName,
      message,
      ...event.context,
      ...extra,
    });
  });
  const layout = { type: "json" };
  log4js.configure({
    appenders: { out: path === "-" ? { type: "stdout", layout } : { type: "file", filename: path, layout } },
    categories: { default: { appenders: ["out"], level: "info" } },
  });
  const open = () => log4js.getLogger("bench");
  return {
    log: open(),
    child(bindings) {
      const log = open();
      for (const [key, value] of Object.entries(bindings)) log.addContext(key, value);
      return log;
    },
    close: () => new Promise((resolve) => log4js.shutdown(resolve)),
  };
}

async function openLogTape(path) {
  const { configure, dispose, getConsoleSink, getLogger, jsonLinesFormatter } =
    requirePeer("@logtape/logtape");
  const { getFileSink } = requirePeer("@logtape/file");
  const formatter = jsonLinesFormatter;
  const sink =
    path === "-" ? getConsoleSink({ formatter }) : getFileSink(path, { formatter, nonBlocking: true });
  await configure({
    reset: true,
    sinks: { out: sink },
    loggers: [
      { category: ["bench"], sinks: ["out"], lowestLevel: "info" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  const log = getLogger(["bench"]);
  return { log, child: (bindings) => log.with(bindings), close: dispose };
}

async function openPolylog(path, { options, context, format, durability }) {
  const { configure, fileSink, flush, getLogger, streamSink, withContext } = await import("polylog");
  // By default SIGHUP opens the file anew and ends nothing.
  const sink =
    path === "-"
      ? streamSink("stdout", { durability })
      : fileSink(path, { durability, reopenOnSighup: false });
  configure({ ...options, format, sinks: { out: sink } });
  const log = getLogger("bench");
  return {
    log,
    child: (bindings) => log.with(bindings),
    within: (work) => (context === undefined ? work() : withContext(context, work)),
    close: flush,
  };
}
