/**
 * Hot path. True for what `{}` makes, and for objects without a prototype. An object that inherits from one of these passes
 * too: who enumerates its fields looks whether the object itself has them.
 */
export function isPlainObject(value: object): boolean {
  // Quicker than to ask for the prototype, for which V8 leaves compiled code (30 ns).
  if (value.constructor === Object) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
