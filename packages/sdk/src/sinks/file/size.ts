import { PolylogError } from "../../errors.ts";

/** A size in bytes, or as people write it: `10MB` (10,000,000 bytes), `64KiB` (65,536 bytes). */
export type Size = number | `${number}${"B" | "kB" | "KB" | "MB" | "GB" | "KiB" | "MiB" | "GiB"}`;

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/**
 * Bytes of a size.
 *
 * @throws PolylogError `POLYLOG_E_CONFIG` when it is none, or less than a byte
 * @example
 * toBytes("1.5KiB"); // 1536
 */
export function toBytes(size: Size): number {
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(String(size)) ?? [];
  const bytes =
    typeof size === "number" ? size : Number(digits) * (BYTES[unit?.toLowerCase() ?? ""] ?? Number.NaN);
  if (bytes >= 1) return Math.floor(bytes);
  throw new PolylogError("POLYLOG_E_CONFIG", `fileSink: maxSize "${size}" is no size`, {
    remedy: 'Give bytes as a number, or something like "10MB" or "64KiB".',
  });
}
