import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { addFlat } from "../flatten.ts";

/**
 * Attributes as Sentry's newer items have them, each with its type, without the types: `{"a": {"value": 1, "type":
 * "integer"}}` is `{"a": 1}`. Those without a type are taken as they are.
 */
export function plainOf(attributes: unknown): JsonObject {
  if (!isJsonObject(attributes)) return {};
  const plain: [string, unknown][] = [];
  for (const name of Object.keys(attributes)) plain.push([name, bare(attributes[name])]);
  return Object.fromEntries(plain);
}

/**
 * The value of one such attribute.
 *
 * @example
 * valueIn({ a: { value: 1, type: "integer" } }, "a"); // 1
 */
export function valueIn(attributes: JsonObject, name: string): unknown {
  return Object.hasOwn(attributes, name) ? bare(attributes[name]) : undefined;
}

/**
 * Adds such attributes to flat pairs; a unit stands beside its value as `NAME.unit`.
 *
 * @param said names of attributes that have been said elsewhere
 */
export function addTyped(pairs: string[], attributes: unknown, said?: ReadonlySet<string>): void {
  if (!isJsonObject(attributes)) return;
  for (const name of Object.keys(attributes)) {
    if (said?.has(name) === true) continue;
    const attribute = attributes[name];
    addFlat(pairs, name, bare(attribute));
    if (isTyped(attribute) && attribute.unit !== undefined) addFlat(pairs, `${name}.unit`, attribute.unit);
  }
}

function bare(attribute: unknown): unknown {
  return isTyped(attribute) ? attribute.value : attribute;
}

function isTyped(attribute: unknown): attribute is JsonObject {
  return isJsonObject(attribute) && typeof attribute.type === "string" && "value" in attribute;
}
