import { isPlainObject } from "./plain-object.ts";
import { plainValue } from "./plain-value.ts";

type FieldMap = Readonly<Record<string, unknown>>;

/**
 * One object of the fields of several, of which later ones win. What isn't a plain object counts by what it is written
 * as; a getter that throws spoils its own field only.
 */
export function merge(...layers: readonly (object | undefined)[]): FieldMap {
  try {
    return spread(
      layers.map((layer) => (layer === undefined || isPlainObject(layer) ? layer : fieldsOf(layer))),
    );
  } catch {
    return spread(layers.map(fieldsOf));
  }
}

/** Unlike `Object.assign`, this makes a field of `__proto__` like of any other name. */
function spread(layers: readonly unknown[]): FieldMap {
  let all: FieldMap = {};
  for (const layer of layers) if (typeof layer === "object") all = { ...all, ...layer };
  return all;
}

function fieldsOf(layer: object | undefined): unknown {
  const plain = layer === undefined ? undefined : plainValue(layer);
  if (plain === undefined) return undefined;
  return typeof plain === "object" && plain !== null && !Array.isArray(plain) ? plain : { value: plain };
}
