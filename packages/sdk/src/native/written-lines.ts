import type { Dispatcher, DispatchSettings } from "../core/dispatcher.ts";
import type { Registry } from "../core/registry.ts";
import type { Route } from "../core/route.ts";
import type { Target } from "../core/target.ts";

/** Lines of text of which native code has written all that follows the time and the logger. */

/** True when all that native code logs becomes lines of text and nothing else, so that it may as well write them itself. */
export function areLinesWanted({ compiled: { targets, redactor } }: Registry): boolean {
  return redactor === undefined && [...targets.values()].every(takesLines);
}

/** True when its line is all that is wanted of a record which has nothing but message and fields. */
export function takesWritten(route: Route, settings: DispatchSettings): boolean {
  const { redactor, admits, globalSource } = settings;
  const isPlain = redactor === undefined && admits === undefined && globalSource === undefined;
  // After a fatal record all is flushed; it goes the way that others go.
  if (!isPlain || route.fixed !== undefined || route.level === "fatal") return false;
  return route.records.length === 0 && route.lines.every(({ target }) => takesLines(target));
}

function takesLines(target: Target): boolean {
  return target.kind === "line" && target.format.written !== undefined;
}

/**
 * Hot path: brings a line to the sinks of a route that takes it. Never throws.
 *
 * @param rest of the line, from the message on
 */
export function sendWritten(
  dispatcher: Dispatcher,
  { lines, level }: Route,
  time: number,
  rest: string,
): void {
  const millisecond = Math.floor(time);
  for (let at = 0; at < lines.length; at++) {
    const { target, head } = lines[at]!;
    // As for other records: what a sink logs by writing must not come back to it.
    if (target.isBusy) continue;
    target.isBusy = true;
    try {
      target.sink.writeLine(target.format.written!(head, millisecond, rest), level);
    } catch (failure) {
      dispatcher.lose(target, failure);
    }
    target.isBusy = false;
  }
}
