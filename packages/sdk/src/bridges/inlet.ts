import { polylog as ours } from "../api.ts";
import type { Level } from "../logger/level.ts";
import type { ForeignRecord } from "../logger/record.ts";
import type { Polylog } from "../polylog.ts";

export interface BridgeOptions {
  /** Where records go. @defaultValue the one of this process */
  readonly polylog?: Polylog | undefined;
}

/** What a bridge brings its records in through. */
export interface Inlet {
  readonly polylog: Polylog;
  /** True while a record is being written that came over a bridge, or goes to a sink that may lead to one. What is logged then came of it, and stays out. */
  readonly isBusy: boolean;
  /** Ask before anything is read or formatted. */
  isEnabled(logger: string, level: Level): boolean;
  /** @param record must have been asked for with `isEnabled` */
  emit(record: ForeignRecord): void;
  /** Does what may come back over a bridge. */
  whileBusy(work: () => void): void;
}

/** Where inlets are kept: the ECMAScript module and its CommonJS twin, which log4js loads, share them. */
const PLACE = Symbol.for("polylog.v1.inlets");

const shared = globalThis as { [PLACE]?: WeakMap<Polylog, Inlet> };
shared[PLACE] ??= new WeakMap();

/**
 * One for each Polylog, whichever bridges lead to it: a sink that writes to the console or to pino, while these are
 * bridged, would get its own records back without end.
 */
const inlets = shared[PLACE];

export function openInlet(polylog: Polylog = ours): Inlet {
  const known = inlets.get(polylog);
  if (known !== undefined) return known;
  let isBusy = false;
  const inlet: Inlet = {
    polylog,
    get isBusy() {
      return isBusy || polylog.isWriting;
    },
    isEnabled: (logger, level) => !inlet.isBusy && polylog.isEnabled(logger, level),
    emit: (record) => inlet.whileBusy(() => polylog.emit(record)),
    whileBusy(work) {
      const wasBusy = isBusy;
      isBusy = true;
      try {
        work();
      } finally {
        isBusy = wasBusy;
      }
    },
  };
  inlets.set(polylog, inlet);
  return inlet;
}
