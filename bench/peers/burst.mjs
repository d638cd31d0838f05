import { setImmediate } from "node:timers/promises";
import { LOGGERS } from "./loggers.mjs";

/**
 * A process that logs a burst in one turn and then ends in the way it is told: what is there afterwards is what its
 * logger didn't lose. `node burst.mjs LOGGER PATH COUNT ENDING`; with the logger `none` it just ends.
 */
const [, , logger, path, count, ending] = process.argv;

const raise = (signal) => () => {
  process.kill(process.pid, signal);
  // Only the signal ends it.
  setInterval(() => {}, 1000);
};

const ENDINGS = {
  "natural end": () => {},
  "process.exit(3)": () => process.exit(3),
  "uncaught throw": () => {
    throw new Error("thrown by the bench");
  },
  "unhandled rejection": () => {
    Promise.reject(new Error("rejected by the bench"));
  },
  SIGTERM: raise("SIGTERM"),
  SIGINT: raise("SIGINT"),
  SIGHUP: raise("SIGHUP"),
  SIGKILL: raise("SIGKILL"),
  "SIGKILL, a turn later": async () => {
    await setImmediate();
    await setImmediate();
    raise("SIGKILL")();
  },
};

const opened = await LOGGERS[logger]?.open(path);
// Nobody ends a program in the turn it starts in, and by now every file is open.
await new Promise((resolve) => setTimeout(resolve, 100));
// Out of the promise, so that a throw is one.
process.nextTick(() => {
  if (opened !== undefined) burst(LOGGERS[logger].calls, opened.log);
  ENDINGS[ending]();
});

function burst(say, log) {
  const padding = "x".repeat(100);
  let index = 0;
  say.fields(log, Number(count), () => ({ burst: `#${index++}#`, padding }));
}
