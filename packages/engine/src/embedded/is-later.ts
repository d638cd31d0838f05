/** Compares year and month (`26.7`), which is how far ClickHouse's formats change. */
export function isLater(version: string, than: string): boolean {
  const [year = 0, month = 0] = version.split(".").map(Number);
  const [thanYear = 0, thanMonth = 0] = than.split(".").map(Number);
  return year > thanYear || (year === thanYear && month > thanMonth);
}
