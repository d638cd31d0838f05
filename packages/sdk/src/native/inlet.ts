import { targetsOf } from "../core/compile.ts";
import { lowestRank } from "../core/node.ts";
import type { SourceAccess } from "../core/record-source.ts";
import type { Registry } from "../core/registry.ts";
import type { Route } from "../core/route.ts";
import type { ActiveContext } from "../logger/active-context.ts";
import { LEVELS } from "../logger/level.ts";
import type { System, TraceIds } from "../logger/record.ts";
import { activeTraceIds } from "../logger/trace-ids.ts";
import { sendWritten, takesWritten } from "./written-lines.ts";

/** The loggers that native records go to. */
export interface NativeInlet {
  /** The runtime is part of it: `RUST_LOG` governs native code. */
  logger(name: string, system: System): NativeLogger;
  /** True when records tell where they were made. */
  readonly isLocated: boolean;
  /** What is active now, to be given with records that come of it later. */
  capture(): CapturedContext;
}

/** A logger that was looked up once. Its records were let through where they were made, and aren't asked again. */
export interface NativeLogger {
  /** True when records of this rank go anywhere. */
  isEnabled(rank: number): boolean;
  /**
   * Hot. Sends the line of a record that was made outside of any context, if nothing but lines are wanted.
   *
   * @param rest of the text line, from the message on
   * @returns false when the record is to be sent whole
   */
  sendWritten(rank: number, time: number, rest: string): boolean;
  /**
   * Hot.
   *
   * @param metadata the record's own from then on
   */
  send(
    rank: number,
    time: number,
    message: string,
    metadata: object | undefined,
    error: unknown,
    context: CapturedContext | undefined,
  ): void;
}

export interface CapturedContext {
  readonly context: ActiveContext | undefined;
  readonly trace: TraceIds | undefined;
}

export function createInlet({
  dispatcher,
  host,
  stateOf,
  activeContext,
  options,
}: SourceAccess): NativeInlet {
  return {
    get isLocated() {
      return options().sourceLocation === true;
    },
    capture() {
      const context = activeContext();
      return { context, trace: activeTraceIds() ?? context?.trace };
    },
    logger(name, system) {
      const state = stateOf(name, system);
      let asked: Route | undefined;
      let isTaken = false;
      return {
        isEnabled: (rank) => rank >= state.node.rank,
        sendWritten(rank, time, rest) {
          const route = dispatcher.routeAt(state, rank, system);
          if (route !== asked) {
            asked = route;
            isTaken = host.ambient === undefined && takesWritten(route, dispatcher.settings);
          }
          if (isTaken) sendWritten(dispatcher, route, time, rest);
          return isTaken;
        },
        send(rank, time, message, metadata, error, from) {
          const route = dispatcher.routeAt(state, rank, system);
          const context = from === undefined ? host.ambient : from.context;
          const trace = from === undefined ? context?.trace : from.trace;
          // Whoever made it knows where; here there is only the way in.
          dispatcher.send(route, time, message, metadata, error, context, trace, null);
        },
      };
    },
  };
}

/** What goes anywhere, of all names, as directives: levels of loggers and sinks in one. */
export function nativeFilter(registry: Registry): string {
  const { compiled } = registry;
  const settings = registry.settings();
  const targets = settings.map(({ target }) => target);
  const within = targets.filter((target) => target.includes("["));
  const names = new Set([
    "",
    ...targets.filter((target) => !within.includes(target)),
    ...compiled.sinksOf.keys(),
  ]);
  const levels = [...names].map((canonical) => {
    const { level } = registry.settingOf({ canonical, isNative: true });
    const rank = lowestRank(level, targetsOf(canonical, compiled));
    return `${canonical && `${canonical}=`}${LEVELS[rank] ?? "off"}`;
  });
  return [...levels, ...within].join();
}
