/**
 * Puts another function in the place of a method.
 *
 * @returns takes it back: at once if nobody has replaced the method since; if somebody has, theirs stays and finds the
 * original below it
 */
export function replaceMethod<Target extends object, Key extends keyof Target>(
  target: Target,
  key: Key,
  make: (original: Target[Key]) => Target[Key] & ((...args: never[]) => unknown),
): () => void {
  const original = target[key];
  const isOwn = Object.hasOwn(target, key);
  const replacement = make(original);
  let isOver = false;
  const method = function (this: unknown, ...args: never[]): unknown {
    const current = isOver ? (original as typeof replacement) : replacement;
    return current.apply(this, args);
  };
  target[key] = method as Target[Key];
  return () => {
    isOver = true;
    if (target[key] !== method) return;
    if (isOwn) target[key] = original;
    else delete target[key];
  };
}
