/** What ClickHouse reads as something else in a parameter's text. Source: its TabSeparated format. */
const SPECIAL = /[\t\n\r'\\]/g;
const ESCAPED: Readonly<Record<string, string>> = {
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "'": "\\'",
  "\\": "\\\\",
};

/**
 * The value of a parameter as it stands in a request to ClickHouse.
 *
 * @throws {TypeError} for anything but text, numbers and lists of these
 * @example
 * formatParameter(["it's", "b"]); // "['it\\'s','b']"
 */
export function formatParameter(value: unknown): string {
  if (typeof value === "string") return escaped(value);
  if (Array.isArray(value)) return `[${value.map(formatElement).join(",")}]`;
  return formatElement(value);
}

function formatElement(value: unknown): string {
  if (typeof value === "string") return `'${escaped(value)}'`;
  if (typeof value === "bigint") return String(value);
  // ClickHouse reads "Infinity" and "-Infinity" as JavaScript writes them.
  if (typeof value === "number" && !Number.isNaN(value)) return String(value);
  throw new TypeError(
    `A parameter can't be ${typeof value === "number" ? value : `of type ${typeof value}`}`,
  );
}

function escaped(text: string): string {
  return text.replace(SPECIAL, (character) => ESCAPED[character] as string);
}
