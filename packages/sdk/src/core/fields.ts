import { flat } from "../format/flat.ts";
import type { LineFormat } from "../format/line-format.ts";
import { merge } from "../format/merge.ts";
import type { ActiveContext } from "../logger/active-context.ts";
import type { LineLeg, Route } from "./route.ts";

type FieldMap = Readonly<Record<string, unknown>>;

/** True when a field of the one has the name of a field of the other. */
function overlaps(one: object, other: FieldMap): boolean {
  for (const name in one) if (name in other) return true;
  return false;
}

/**
 * Hot path. All fields of a record as they stand in its line. What is said nearer to the call wins: the call's own
 * fields, the logger's bindings, the context, global metadata. While no name comes twice, which is nearly always,
 * fragments that were written before are put one after another.
 */
export function lineFields(
  leg: LineLeg,
  route: Route,
  own: object | undefined,
  context: ActiveContext | undefined,
  global: object | undefined,
): string {
  const { format } = leg.target;
  const around = context?.fields;
  if (around === undefined && global === undefined) {
    if (own === undefined) return leg.fixed;
    if (route.fixed === undefined) return format.fields(own, true);
    if (!overlaps(own, route.fixed)) return leg.fixed + format.fields(own, leg.fixed === "");
  } else if (global === undefined) {
    const isClear =
      (route.fixed === undefined || !overlaps(around!, route.fixed)) &&
      (own === undefined ||
        (!overlaps(own, around!) && (route.fixed === undefined || !overlaps(own, route.fixed))));
    if (isClear) {
      const before = leg.fixed + contextFields(context!, format, leg.fixed === "");
      return own === undefined ? before : before + format.fields(own, before === "");
    }
  }
  return format.fields(mergedFields(route, own, context, global) ?? {}, true);
}

function contextFields(context: ActiveContext, format: LineFormat, isFirst: boolean): string {
  // With and without a comma: one hangs on the format, the other on its writer.
  const key = isFirst ? format : format.fields;
  let text = context.fragments.get(key);
  if (text === undefined) {
    text = flat(format.fields(context.fields!, isFirst));
    context.fragments.set(key, text);
  }
  return text;
}

/** The same as an object; `undefined` when there are none. */
export function mergedFields(
  route: Route,
  own: object | undefined,
  context: ActiveContext | undefined,
  global: object | undefined,
): FieldMap | undefined {
  const around = context?.fields;
  if (own === undefined && around === undefined && global === undefined) return route.fixed;
  return merge(route.global, global, around, route.bindings, own);
}
