import type { LogRow, Statistics } from "../../contract/index.ts";
import { PolylogError } from "../../errors.ts";
import { logRowOf } from "../log-row.ts";
import { refuseIfNodesAway } from "../nodes-away.ts";
import type { Ask } from "../question.ts";
import { WHOLE_RECORDS } from "../record-settings.ts";
import { readInstant } from "../window.ts";
import { recordStatement } from "./sql.ts";

export interface FoundRecord {
  readonly record: LogRow;
  readonly statistics: Statistics;
}

/**
 * Finds a record by its id.
 *
 * @param time its timestamp, as in the request; a wrong one costs time only
 * @throws {PolylogError} `POLYLOG_E_NOT_FOUND`, `POLYLOG_E_BAD_REQUEST`, `POLYLOG_E_STORE_UNAVAILABLE` when it may lie
 *   on a node that is away
 */
export async function findRecord(
  ask: Ask,
  id: string,
  time: string | undefined,
  now: number,
  signal: AbortSignal,
): Promise<FoundRecord> {
  const times = time === undefined ? [undefined] : [readInstant(time, "time", now), undefined];
  // An id that no 64 bits hold belongs to no record.
  const isPossible = /^\d{1,20}$/.test(id) && BigInt(id) < 2n ** 64n;
  for (const at of isPossible ? times : []) {
    const { rows, statistics } = await ask(
      { ...recordStatement(id, at), atLimit: "fail", settings: WHOLE_RECORDS },
      signal,
    );
    if (rows[0] !== undefined) return { record: logRowOf(rows[0]), statistics };
    refuseIfNodesAway(statistics);
  }
  throw new PolylogError("POLYLOG_E_NOT_FOUND", "There is no record with this id.", {
    remedy: "It may be older than the server keeps records.",
  });
}
