import type { Polylog } from "../polylog.ts";
import { createInlet, type NativeInlet, nativeFilter } from "./inlet.ts";
import { areLinesWanted } from "./written-lines.ts";

/** Where records are made outside of JavaScript. What it is asked for, it answers at once. */
export interface NativeSource {
  /** Brings in all that lies ready, before it returns. */
  drain(): void;
  /** Records that were lost on its side. */
  readonly dropped: number;
  /**
   * Called at once, and whenever levels have changed.
   *
   * @param filter directives that say for all names what goes anywhere: `info,my_core::cluster=debug`
   * @param areLinesWanted true when records need nothing but the rest of their text line, for {@link NativeLogger.sendWritten}
   */
  setFilter(filter: string, areLinesWanted: boolean): void;
}

/**
 * Connects what makes records outside of JavaScript and is no addon built with Polylog: a library whose log lines come
 * through a pipe, for example. It counts in `droppedLogCount()`, is drained when the process ends, and hears of levels.
 *
 * @returns the loggers that its records go to
 * @example
 * const inlet = connectSource(polylog, { drain: readPipe, dropped: 0, setFilter: (filter) => library.setLevel(filter) });
 * const logger = inlet.logger("library.net", "cpp");
 * if (logger.isEnabled(2)) logger.send(2, Date.now(), "connected", undefined, undefined, undefined);
 */
export function connectSource(polylog: Polylog, source: NativeSource): NativeInlet {
  const setFilter = () => source.setFilter(nativeFilter(access.registry), areLinesWanted(access.registry));
  const access = polylog.addSource({
    drain: () => source.drain(),
    get dropped() {
      return source.dropped;
    },
    onLevels: setFilter,
  });
  setFilter();
  return createInlet(access);
}
