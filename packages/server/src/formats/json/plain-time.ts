const ZERO = 48;
const DOT = 46;
const Z = 90;
/** Characters of `2026-11-21T10:41:`, which times that follow each other have in common. */
const MINUTE = 17;

/** Hot path. Reads `2026-11-21T10:41:07.123456789Z` (RFC 3339, UTC) from bytes. Bench: `intake`. */
export class PlainTimeReader {
  /** Since 1970, of the last time that was read. */
  milliseconds = 0;
  /** Of the last millisecond. */
  nanoseconds = 0;
  readonly #minute = new Uint8Array(MINUTE);
  /** In milliseconds since 1970; not a number until there is one. */
  #start = Number.NaN;

  /** True when the bytes from `from` up to but not including `to` are such a time. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from < MINUTE + 3 || bytes[to - 1] !== Z) return false;
    if (!this.#isSameMinute(bytes, from) && !this.#readMinute(bytes, from)) return false;
    const tens = digit(bytes[from + MINUTE]);
    const ones = digit(bytes[from + MINUTE + 1]);
    if (tens < 0 || tens > 5 || ones < 0) return false;
    const fraction = from + MINUTE + 3;
    const digits = to - 1 - fraction;
    if (digits >= 0 ? bytes[fraction - 1] !== DOT || digits === 0 || digits > 9 : digits !== -1) return false;
    let nanoseconds = 0;
    for (let i = 0; i < 9; i++) {
      const value = i < digits ? digit(bytes[fraction + i]) : 0;
      if (value < 0) return false;
      nanoseconds = nanoseconds * 10 + value;
    }
    const whole = Math.floor(nanoseconds / 1e6);
    this.milliseconds = this.#start + (tens * 10 + ones) * 1000 + whole;
    this.nanoseconds = nanoseconds - whole * 1e6;
    return true;
  }

  #isSameMinute(bytes: Uint8Array, from: number): boolean {
    if (Number.isNaN(this.#start)) return false;
    for (let i = MINUTE - 1; i >= 0; i--) if (this.#minute[i] !== bytes[from + i]) return false;
    return true;
  }

  #readMinute(bytes: Uint8Array, from: number): boolean {
    const text = String.fromCharCode(...bytes.subarray(from, from + MINUTE));
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:$/.test(text)) return false;
    // The 30th of February is refused: Date would take it for March's.
    const start = Date.parse(`${text}00Z`);
    if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(text)) return false;
    this.#start = start;
    this.#minute.set(bytes.subarray(from, from + MINUTE));
    return true;
  }
}

function digit(byte: number | undefined): number {
  const value = (byte ?? 0) - ZERO;
  return value >= 0 && value <= 9 ? value : -1;
}
