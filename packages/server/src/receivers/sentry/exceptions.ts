import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { textOf } from "../flatten.ts";
import { positionOf, type StackFrame, stackText, type ThrownError } from "../stack-text.ts";

/**
 * The elements of what Sentry calls an interface with values: `{"values": […]}`, the bare list, or a single one.
 *
 * @example
 * valuesOf({ values: [{ type: "Error" }] }); // [{ type: "Error" }]
 */
export function valuesOf(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return value.filter(isJsonObject);
  if (!isJsonObject(value)) return [];
  return Array.isArray(value.values) ? value.values.filter(isJsonObject) : [value];
}

/**
 * An event's errors: the one that was caught first, then its cause and so on. Sentry has them the other way round.
 */
export function chainOf(exception: unknown): readonly ThrownError[] {
  return valuesOf(exception)
    .map(({ type, value, stacktrace }) => ({
      type: textOf(type),
      message: textOf(value),
      frames: framesOf(stacktrace),
    }))
    .toReversed();
}

/** The stack of the thread that an event without an error was made in, where its SDK adds it; else "". */
export function stackOfThreads(event: JsonObject): string {
  const threads = valuesOf(event.threads);
  const thread =
    threads.find(({ crashed }) => crashed === true) ??
    threads.find(({ current }) => current === true) ??
    threads[0];
  const frames = framesOf(thread?.stacktrace ?? event.stacktrace);
  return frames.length === 0
    ? ""
    : stackText([{ type: "", message: "", frames }], textOf(event.platform)).trim();
}

/** The call that threw comes last in Sentry's frames. */
function framesOf(stacktrace: unknown): readonly StackFrame[] {
  if (!isJsonObject(stacktrace) || !Array.isArray(stacktrace.frames)) return [];
  return stacktrace.frames.filter(isJsonObject).map(frameOf).toReversed();
}

function frameOf(frame: JsonObject): StackFrame {
  return {
    function: textOf(frame.function),
    file: textOf(frame.abs_path) || textOf(frame.filename) || textOf(frame.module),
    line: positionOf(frame.lineno),
    column: positionOf(frame.colno),
    source: textOf(frame.context_line),
  };
}
