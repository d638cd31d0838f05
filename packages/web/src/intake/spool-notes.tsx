import type { IntakeResponse } from "@polylog/server/contract";
import { byteText, wholeNumber } from "../fields/numbers.ts";
import styles from "../figures/figures.module.css";
import { Fact } from "../figures/figures-page.tsx";
import { longDuration } from "../time/duration.ts";
import { stateText } from "./spool-state.ts";

interface SpoolProps {
  readonly intake: IntakeResponse;
}

/** What waits on disk for the store. */
export function SpoolFact({ intake: { spool, now } }: SpoolProps) {
  if (spool === undefined) return undefined;
  const { bytes, maxBytes, records, oldestAt, isFull } = spool;
  return (
    <Fact name="Waits on disk" isWrong={isFull}>
      {byteText(bytes)}
      <small>
        of {byteText(maxBytes)}
        {records > 0 && `, ${wholeNumber(records)} records`}
        {oldestAt !== null && `, the oldest for ${longDuration(Math.max(0, now - oldestAt))}`}
      </small>
    </Fact>
  );
}

/** What becomes of records while the store is away, and of those that are on disk. */
export function SpoolNotes({ intake }: SpoolProps) {
  const { spool } = intake;
  const state = stateText(intake);
  return (
    <>
      {state !== undefined && (
        <p role="status" className={`${styles.note} ${intake.ready ? "" : styles.wrong}`}>
          {state}
        </p>
      )}
      {spool !== undefined && spool.aside.records > 0 && (
        <p className={`${styles.note} ${styles.wrong}`}>
          {wholeNumber(spool.aside.records)} {spool.aside.records === 1 ? "record" : "records"} could not be
          stored for what is in them. They are kept in <code>spool-aside</code> in the data directory.
        </p>
      )}
      {spool !== undefined && spool.keptDamagedBytes > 0 && (
        <p className={`${styles.note} ${styles.wrong}`}>
          {byteText(spool.keptDamagedBytes)} of files with damage are kept in <code>spool</code> in the data
          directory.
        </p>
      )}
    </>
  );
}
