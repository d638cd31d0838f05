import type { EncodedRows } from "../record/encoded-records.ts";
import type { Encoder, Rows } from "../store/encode/encoder.ts";
import { type JoinedRows, joinRows } from "../store/encode/joined-rows.ts";
import type { WriteRequest } from "./request.ts";

/**
 * Requests that are stored together. Rows that were encoded on other threads follow the batch's own, whenever they came:
 * so those are one block, which is counted and written once.
 */
export interface Batch<T> {
  /** Takes the records that are encoded here. */
  readonly own: Encoder<T>;
  /** All rows. */
  readonly rows: JoinedRows;
  readonly members: Member<T>[];
}

/** A request and its rows: those of a piece from `from` up to but not including `to`. */
interface Member<T> {
  readonly request: WriteRequest<T>;
  readonly piece: Rows;
  readonly from: number;
  readonly to: number;
}

/** @param own an empty encoder */
export function createBatch<T>(own: Encoder<T>): Batch<T> {
  return { own, rows: joinRows(own), members: [] };
}

/** Adds a request whose rows were encoded on another thread. */
export function adoptRows<T>(
  { rows, members }: Batch<T>,
  createEncoder: () => Encoder<T>,
  request: WriteRequest<T>,
  encoded: EncodedRows,
): void {
  const piece = createEncoder().adopt(encoded);
  rows.append(piece);
  members.push({ request, piece, from: 0, to: piece.rows });
}

/** The row behind the last one of a request. */
export function endOf<T>({ rows }: Batch<T>, { piece, to }: Member<T>): number {
  return rows.startOf(piece) + to;
}

/** The request that a row came with. */
export function requestOfRow<T>({ rows, members }: Batch<T>, number: number): WriteRequest<T> {
  const { piece, row } = rows.locate(number);
  const member = members.find((one) => one.piece === piece && row >= one.from && row < one.to);
  if (member === undefined) throw new RangeError(`No request has row ${number}.`);
  return member.request;
}
