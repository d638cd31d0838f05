import type { Resource, Scope } from "../../record/record.ts";
import type { Complaints } from "./decoded.ts";

/** A record as a request has it, before what is missing is filled in. One serves all records of a request. */
export interface Draft<R> {
  /** What is wrong with the records of the request. */
  readonly complaints: Complaints;
  /** Forgets the record before. */
  begin(): void;
  /** @throws PolylogError `POLYLOG_E_BAD_REQUEST` when it can't be kept */
  finish(resource: Resource, scope: Scope): R;
}
