const WHOLE = new Intl.NumberFormat("en-US");

/** A whole number with thousands separators: `1,234,567`. */
export function wholeNumber(value: number): string {
  return WHOLE.format(value);
}

/** A count in at most four characters, for bars and facets: `987`, `12k`, `3.4M`. */
export function shortCount(value: number): string {
  if (value < 10_000) return WHOLE.format(value);
  const [size, unit] =
    value < 999_500 ? [value / 1e3, "k"] : value < 999_500_000 ? [value / 1e6, "M"] : [value / 1e9, "G"];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)}${unit}`;
}

/** A size in bytes: `512 B`, `34.1 MB`. Decimal units, as disks are sold. */
export function byteText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
