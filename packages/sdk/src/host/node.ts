import { AsyncLocalStorage } from "node:async_hooks";
import { isatty } from "node:tty";
import { isMainThread } from "node:worker_threads";
import type { Host } from "../core/host.ts";
import type { ActiveContext } from "../logger/active-context.ts";
import { descriptorSink } from "../sinks/byte-sink.ts";
import { appendingFile } from "../sinks/file/appending-file.ts";
import { tellPeople } from "../sinks/sink-problems.ts";
import { findAddons } from "./addons.ts";
import { takeParent } from "./parent.ts";
import { onProcessEnd } from "./process-end.ts";
import { watchTextFile } from "./watch-file.ts";

const DESCRIPTORS = { stdout: 1, stderr: 2 } as const;

/** Node: standard streams, files, signals, AsyncLocalStorage. */
export function nodeHost(): Host {
  const storage = new AsyncLocalStorage<ActiveContext>();
  const { environment, ambient, parentSink } = takeParent();
  return {
    system: "node",
    environment,
    now: Date.now,
    carrier: { run: (context, work) => storage.run(context, work), get: () => storage.getStore() ?? ambient },
    ambient,
    tell: tellPeople,
    streamSink: (stream, problems) => descriptorSink(stream, { problems }),
    parentSink,
    fileSink: (path, problems) => appendingFile(path, { problems }),
    isColorful(stream) {
      // https://no-color.org and https://force-color.org: any value but the empty one.
      if (environment.NO_COLOR) return false;
      if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== "0";
      return environment.TERM !== "dumb" && isatty(DESCRIPTORS[stream]);
    },
    onEnd: onProcessEnd,
    watchFile: watchTextFile,
    findAddons,
    onDebugSignal(onSignal) {
      // Windows has no such signal, and worker threads get none. Some tools (nodemon) end programs by it.
      if (!isMainThread || process.platform === "win32" || environment.POLYLOG_DEBUG_SIGNAL === "off") return;
      process.on("SIGUSR2", onSignal);
    },
  };
}
