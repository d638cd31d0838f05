/**
 * The own fields of a foreign record without those that the record tells elsewhere; `undefined` when none is left.
 *
 * @example
 * fieldsExcept({ level: 30, msg: "paid", orderId: 17 }, (key) => key === "level" || key === "msg"); // { orderId: 17 }
 */
export function fieldsExcept(
  source: object,
  isTold: (key: string) => boolean,
): Record<string, unknown> | undefined {
  let fields: Record<string, unknown> | undefined;
  for (const key of Object.keys(source)) {
    if (isTold(key)) continue;
    const value = (source as Record<string, unknown>)[key];
    if (value === undefined) continue;
    fields ??= {};
    if (key !== "__proto__") fields[key] = value;
    else Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return fields;
}

/** True for `{…}` and objects without a prototype; false for instances of classes, arrays and all the rest. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
