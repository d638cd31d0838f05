const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/**
 * A size as people read it, in decimal units, as disks are sold.
 *
 * @example
 * sizeText(34_100_000); // "34.1 MB"
 */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}
