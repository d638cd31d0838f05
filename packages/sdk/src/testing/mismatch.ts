/** Of the asymmetric matchers of vitest and jest: `expect.any(Number)`, `expect.stringContaining("x")`. */
interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean;
}

/** Deeper than any record goes; circular structures end here. */
const DEEPEST = 50;

/**
 * Where `actual` is not as expected; `undefined` when it is. Objects may have more than is expected, arrays may not.
 * A regular expression is searched for in a string, a matcher of vitest or jest is asked.
 *
 * @example
 * mismatch({ user: { id: 7 } }, { user: { id: 8, name: "ann" } }, "metadata"); // "metadata.user.id: expected 7, got 8"
 */
export function mismatch(expected: unknown, actual: unknown, path: string, depth = 0): string | undefined {
  if (Object.is(expected, actual)) return undefined;
  const differs = `${path}: expected ${show(expected)}, got ${show(actual)}`;
  if (depth > DEEPEST) return differs;
  if (isMatcher(expected)) return expected.asymmetricMatch(actual) ? undefined : differs;
  if (expected instanceof RegExp) {
    return typeof actual === "string" && new RegExp(expected).test(actual) ? undefined : differs;
  }
  if (expected instanceof Date) {
    return actual instanceof Date && actual.getTime() === expected.getTime() ? undefined : differs;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return differs;
    return first(expected, (value, index) => mismatch(value, actual[index], `${path}[${index}]`, depth + 1));
  }
  if (typeof expected !== "object" || expected === null) return differs;
  if (typeof actual !== "object" || actual === null) return differs;
  return first(Object.entries(expected), ([key, value]) =>
    mismatch(value, (actual as Record<string, unknown>)[key], `${path}.${key}`, depth + 1),
  );
}

function first<T>(
  values: readonly T[],
  find: (value: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, value] of values.entries()) {
    const found = find(value, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isMatcher(value: unknown): value is AsymmetricMatcher {
  return (
    typeof value === "object" &&
    value !== null &&
    "asymmetricMatch" in value &&
    typeof value.asymmetricMatch === "function"
  );
}

const LONGEST = 300;

/** A value as it stands in a message for people, cut when it is long. */
export function show(value: unknown): string {
  const text = inspect(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function inspect(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === "function") return value.name || "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (isMatcher(value) || value instanceof RegExp) return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
