import { ID_STEP } from "../id.ts";
import type { Rows } from "./encoder.ts";

/** Rows of several encoders as those of one: a block of each. ClickHouse reads any number of them from one insert. */
export interface JoinedRows extends Rows {
  /** Adds rows behind the others. */
  append(piece: Rows): void;
  /** Where the rows of a piece begin. */
  startOf(piece: Rows): number;
  /** Which piece a row lies in, and its number there. */
  locate(row: number): { readonly piece: Rows; readonly row: number };
  /** Where a run of rows is best cut into two: between pieces, if it has several. */
  middle(from: number, to: number): number;
}

/** @param first may still take rows: those behind it have their numbers from how many it has when asked */
export function joinRows(first: Rows): JoinedRows {
  const pieces = [first];
  const sum = (of: (piece: Rows) => number): number => pieces.reduce((total, piece) => total + of(piece), 0);

  /** Where each piece begins. */
  function starts(): number[] {
    let end = 0;
    return pieces.map(({ rows }) => {
      const start = end;
      end += rows;
      return start;
    });
  }

  const rowsOfAll = (): number => sum(({ rows }) => rows);
  return {
    table: first.table,
    columns: first.columns,
    get rows() {
      return rowsOfAll();
    },
    get bytes() {
      return sum(({ bytes }) => bytes);
    },
    block(firstId, from = 0, to = rowsOfAll()) {
      const at = starts();
      return pieces.flatMap((piece, index) => {
        const start = at[index] as number;
        const begin = Math.max(from, start);
        const end = Math.min(to, start + piece.rows);
        if (begin >= end) return [];
        return piece.block(firstId + BigInt(begin - from) * ID_STEP, begin - start, end - start);
      });
    },
    append(piece) {
      pieces.push(piece);
    },
    startOf: (piece) => starts()[pieces.indexOf(piece)] ?? 0,
    locate(row) {
      const at = starts();
      const index = at.findLastIndex((start, i) => start <= row && (pieces[i] as Rows).rows > 0);
      const piece = pieces[index];
      const start = at[index] ?? 0;
      if (piece === undefined || row - start >= piece.rows) throw new RangeError(`There is no row ${row}.`);
      return { piece, row: row - start };
    },
    middle(from, to) {
      const middle = (from + to) >> 1;
      const distance = (row: number): number => Math.abs(row - middle);
      const [best = middle] = starts()
        .filter((start) => start > from && start < to)
        .sort((a, b) => distance(a) - distance(b));
      return best;
    },
  };
}
