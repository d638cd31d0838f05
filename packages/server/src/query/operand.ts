import { QueryFailure, shown } from "./error.ts";
import type { FieldReference } from "./fields.ts";
import { instantNanoseconds } from "./instant.ts";
import { severitiesOf, unknownLevel } from "./level.ts";
import type { Range } from "./range.ts";

/** What a field's value is compared with. */
export type Operand =
  | { readonly kind: "number"; readonly value: number }
  /** An unsigned 64-bit number. */
  | { readonly kind: "integer"; readonly value: bigint }
  /** Nanoseconds since 1970. */
  | { readonly kind: "instant"; readonly value: bigint }
  /** The severity numbers of a level, both inclusive. */
  | { readonly kind: "severity"; readonly lowest: number; readonly highest: number };

const NUMBER = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)([A-Za-zµμ]*)$/;

/** Units of time in nanoseconds and of size in bytes, with the suffixes of field names that mean them. */
const UNITS: readonly {
  readonly dimension: string;
  readonly size: number;
  readonly names: readonly string[];
}[] = [
  { dimension: "time", size: 1, names: ["ns", "nanos", "nanoseconds"] },
  { dimension: "time", size: 1e3, names: ["us", "µs", "μs", "micros", "microseconds"] },
  { dimension: "time", size: 1e6, names: ["ms", "millis", "milliseconds", "msec"] },
  { dimension: "time", size: 1e9, names: ["s", "sec", "secs", "seconds"] },
  { dimension: "time", size: 60e9, names: ["m", "min", "mins", "minutes"] },
  { dimension: "time", size: 3600e9, names: ["h", "hours"] },
  { dimension: "size", size: 1, names: ["b", "bytes"] },
  { dimension: "size", size: 1e3, names: ["kb"] },
  { dimension: "size", size: 1e6, names: ["mb"] },
  { dimension: "size", size: 1e9, names: ["gb"] },
  { dimension: "size", size: 1024, names: ["kib"] },
  { dimension: "size", size: 1024 ** 2, names: ["mib"] },
  { dimension: "size", size: 1024 ** 3, names: ["gib"] },
];

function unitOf(name: string): (typeof UNITS)[number] | undefined {
  const lower = name.toLowerCase();
  return UNITS.find(({ names }) => names.includes(lower));
}

/** The unit that a field's name ends with: `duration_ms`, `body.bytes`, `elapsedMs`. */
function unitOfField(field: FieldReference): (typeof UNITS)[number] | undefined {
  if (field.type === "nanoseconds") return unitOf("ns");
  const suffix = /(?:[._-]([a-z]+)|[a-z0-9]([A-Z][a-z]+))$/.exec(field.key);
  return suffix === null ? undefined : unitOf((suffix[1] ?? suffix[2]) as string);
}

/**
 * Reads what a field is compared with, by the field's type.
 *
 * @throws {QueryFailure} when it can't be compared with that
 */
export function readOperand(text: string, field: FieldReference, name: string, range: Range): Operand {
  switch (field.type) {
    case "level": {
      const severities = severitiesOf(text);
      if (severities === undefined || severities.highest === 0) throw unknownLevel(text, range);
      return { kind: "severity", ...severities };
    }
    case "integer":
      if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 2n ** 64n) throw noNumber(text, name, range);
      return { kind: "integer", value: BigInt(text) };
    case "instant": {
      const value = instantNanoseconds(text);
      if (value === undefined) {
        throw new QueryFailure(
          `\`${shown(text)}\` is not a time; write it as \`2026-11-20T14:00:00Z\` or in milliseconds since 1970`,
          range,
          ["a time"],
        );
      }
      return { kind: "instant", value };
    }
    case "nanoseconds":
      return { kind: "number", value: readNumber(text, field, name, range) };
    case "text":
      if (field.kind !== "column") return { kind: "number", value: readNumber(text, field, name, range) };
  }
  throw new QueryFailure(
    `\`${name}\` is text, which has no greater and less; use \`${name}:value\` or \`${name}:prefix*\``,
    range,
  );
}

function readNumber(text: string, field: FieldReference, name: string, range: Range): number {
  const [, digits, unitName] = NUMBER.exec(text) ?? [];
  const value = Number(digits);
  if (digits === undefined || !Number.isFinite(value)) throw noNumber(text, name, range);
  if (unitName === "" || unitName === undefined) return value;
  const unit = unitOf(unitName);
  if (unit === undefined)
    throw new QueryFailure(`\`${shown(unitName)}\` is not a unit`, range, ["ms", "s", "kb", "mb"]);
  const own = unitOfField(field);
  if (own === undefined) {
    throw new QueryFailure(
      `The unit of \`${name}\` is not known, so it can't be compared with \`${shown(text)}\`; leave the unit out`,
      range,
      ["a number without unit"],
    );
  }
  if (own.dimension !== unit.dimension) {
    throw new QueryFailure(
      `\`${name}\` is a ${own.dimension}, \`${shown(text)}\` is a ${unit.dimension}`,
      range,
    );
  }
  return (value * unit.size) / own.size;
}

function noNumber(text: string, name: string, range: Range): QueryFailure {
  return new QueryFailure(`Expected a number to compare \`${name}\` with, not \`${shown(text)}\``, range, [
    "a number",
  ]);
}
