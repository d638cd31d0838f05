/** A length of time in nanoseconds as people say it, three digits: `1.24 ms`, `830 µs`, `12.5 s`, `3 min 20 s`. */
export function durationText(nanoseconds: number): string {
  if (!Number.isFinite(nanoseconds)) return "–";
  if (nanoseconds < 0) return `−${durationText(-nanoseconds)}`;
  if (nanoseconds === 0) return "0";
  if (nanoseconds < 1000) return `${Math.round(nanoseconds)} ns`;
  if (nanoseconds < 999_500) return `${threeDigits(nanoseconds / 1e3)} µs`;
  if (nanoseconds < 999_500_000) return `${threeDigits(nanoseconds / 1e6)} ms`;
  if (nanoseconds < 59_950_000_000) return `${threeDigits(nanoseconds / 1e9)} s`;
  return longDuration(nanoseconds / 1e6);
}

/** A length of time in milliseconds in its two largest units: `15 min`, `2 h 30 min`, `3 d`. */
export function longDuration(milliseconds: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1000],
  ] as const;
  let rest = Math.round(milliseconds / 1000) * 1000;
  const words: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count} ${name}`);
    else if (words.length > 0) break;
    if (words.length === 2) break;
  }
  return words.join(" ") || "0 s";
}

/** Whole days: `1 day`, `30 days`. */
export function daysText(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

/** How long records are kept, of a server that takes 0 days for all time: `30 days`, `for ever`. */
export function keptText(days: number): string {
  return days === 0 ? "for ever" : daysText(days);
}

function threeDigits(value: number): string {
  return Number(value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)).toString();
}
