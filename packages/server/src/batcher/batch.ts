import type { Encoder } from "../store/encode/encoder.ts";
import type { WriteRequest } from "./request.ts";

/** Requests that are stored together: their rows lie in one encoder, in their order. */
export interface Batch<T> {
  readonly encoder: Encoder<T>;
  readonly members: Member<T>[];
}

/** A request and its rows: those from `from` up to but not including `to`. */
interface Member<T> {
  readonly request: WriteRequest<T>;
  readonly from: number;
  readonly to: number;
}

/** The request that a row came with. */
export function requestOfRow<T>({ members }: Batch<T>, row: number): WriteRequest<T> {
  const member = members.find(({ from, to }) => row >= from && row < to);
  if (member === undefined) throw new RangeError(`No request has row ${row}.`);
  return member.request;
}
