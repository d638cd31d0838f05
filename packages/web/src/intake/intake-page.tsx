import type { IntakeFigures, IntakeResponse, SourceIntake } from "@polylog/server/contract";
import { Link } from "@tanstack/react-router";
import { useIntake } from "../api/server-figures.ts";
import { byteText, shortCount, wholeNumber } from "../fields/numbers.ts";
import { Bar } from "../figures/bar.tsx";
import styles from "../figures/figures.module.css";
import { Fact, FiguresPage } from "../figures/figures-page.tsx";
import { Spark } from "../figures/spark.tsx";
import { durationText, longDuration } from "../time/duration.ts";
import { reasonsText } from "./reasons.ts";
import { serviceQuery } from "./service-query.ts";
import { SpoolFact, SpoolNotes } from "./spool-notes.tsx";

/** What comes in, live. */
export function IntakePage() {
  return (
    <FiguresPage title="Intake" answer={useIntake()}>
      {(intake) => <Figures intake={intake} />}
    </FiguresPage>
  );
}

function Figures({ intake }: { readonly intake: IntakeResponse }) {
  const { total, maxQueuedBytes, oldestMs, now, startedAt, slotMs, sources, receivers } = intake;
  const hasLimits = sources.some(({ limit }) => limit !== null);
  const refused = Object.values(total.refused).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <dl className={styles.facts}>
        <Fact name="Comes in">
          {shortCount(Math.round(total.recordsPerSecond))}/s
          <small>{byteText(total.bytesPerSecond)}/s</small>
        </Fact>
        <Fact name="Waits for the store" isWrong={total.queuedBytes > maxQueuedBytes / 2}>
          {byteText(total.queuedBytes)}
          <small>
            of {byteText(maxQueuedBytes)}
            {oldestMs >= 1 ? `, the oldest for ${durationText(oldestMs * 1e6)}` : ""}
          </small>
        </Fact>
        <SpoolFact intake={intake} />
        <Fact name="Takes until safe">{total.ackMs === null ? "–" : durationText(total.ackMs * 1e6)}</Fact>
        <Fact name="Is refused" isWrong={total.refusedPerSecond > 0}>
          {shortCount(Math.round(total.refusedPerSecond))}/s
          {refused > 0 && <small>{wholeNumber(refused)} in all</small>}
        </Fact>
        <Fact name={`Since the start, ${longDuration(now - startedAt)}`}>
          {shortCount(total.records)}
          <small>records, {byteText(total.bytes)}</small>
        </Fact>
      </dl>
      <SpoolNotes intake={intake} />
      <Spark values={total.history} label="Bytes over the last minutes" isLarge />
      <div className={styles.axis} aria-hidden="true">
        <span>{longDuration(slotMs * total.history.length)} ago</span>
        <span>{byteText((Math.max(...total.history) / slotMs) * 1000)}/s at most</span>
        <span>now</span>
      </div>
      <section className={styles.section} aria-label="By service">
        <h2>By service</h2>
        {sources.length === 0 ? (
          <p className={styles.note}>
            Nothing has come in since the server started. <Link to="/send">Send logs</Link>
          </p>
        ) : (
          <FiguresTable what="Service" rows={sources} hasLimits={hasLimits} />
        )}
      </section>
      {receivers.length > 0 && (
        <section className={styles.section} aria-label="By protocol">
          <h2>By protocol</h2>
          <FiguresTable what="Protocol" rows={receivers} hasLimits={hasLimits} />
        </section>
      )}
    </>
  );
}

interface FiguresTableProps {
  readonly what: "Service" | "Protocol";
  readonly rows: readonly (IntakeFigures & Partial<Pick<SourceIntake, "limit">>)[];
  readonly hasLimits: boolean;
}

function FiguresTable({ what, rows, hasLimits }: FiguresTableProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col" className={styles.name}>
            {what}
          </th>
          <th scope="col" className={`${styles.left} ${styles.wide}`}>
            Last minutes
          </th>
          <th scope="col">Records/s</th>
          <th scope="col">Bytes/s</th>
          {hasLimits && (
            <th scope="col" className={`${styles.wide} ${styles.left}`}>
              {what === "Service" && "Of its limit"}
            </th>
          )}
          <th scope="col" className={styles.wide}>
            Records
          </th>
          <th scope="col" className={styles.wide}>
            Bytes
          </th>
          <th scope="col" className={styles.wide}>
            Waits
          </th>
          <th
            scope="col"
            className={styles.wide}
            title="From taking to stored, or safe on disk, of the last request"
          >
            Took
          </th>
          <th scope="col" className={styles.wide} title="How old its newest record was when it was stored">
            Behind
          </th>
          <th scope="col">Refused</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <FiguresRow key={row.name} row={row} isService={what === "Service"} hasLimits={hasLimits} />
        ))}
      </tbody>
    </table>
  );
}

interface FiguresRowProps {
  readonly row: FiguresTableProps["rows"][number];
  readonly isService: boolean;
  readonly hasLimits: boolean;
}

function FiguresRow({ row, isService, hasLimits }: FiguresRowProps) {
  const { name, limit = null, refused, history, recordsPerSecond, bytesPerSecond } = row;
  const query = isService ? serviceQuery(name) : undefined;
  const reasons = reasonsText(refused);
  const quiet = (value: number) => (value === 0 ? styles.quiet : undefined);
  return (
    <tr>
      <th scope="row" className={styles.name} title={name}>
        {query === undefined ? (
          name
        ) : (
          <Link to="/" search={{ q: query }}>
            {name}
          </Link>
        )}
      </th>
      <td className={`${styles.barCell} ${styles.wide}`}>
        <Spark values={history} label={`Bytes of ${name} over the last minutes`} />
      </td>
      <td className={quiet(recordsPerSecond)}>{shortCount(Math.round(recordsPerSecond))}</td>
      <td className={quiet(bytesPerSecond)}>{byteText(bytesPerSecond)}</td>
      {hasLimits && (
        <td className={`${styles.wide} ${styles.left}`} title={limit === null ? "" : `${byteText(limit)}/s`}>
          {limit === null ? (
            <span className={styles.quiet}>{isService && "no limit"}</span>
          ) : (
            <Bar share={bytesPerSecond / limit} />
          )}
        </td>
      )}
      <td className={styles.wide}>{shortCount(row.records)}</td>
      <td className={styles.wide}>{byteText(row.bytes)}</td>
      <td className={`${styles.wide} ${quiet(row.queuedBytes) ?? ""}`}>{byteText(row.queuedBytes)}</td>
      <td className={styles.wide}>{row.ackMs === null ? "–" : durationText(row.ackMs * 1e6)}</td>
      <td className={styles.wide}>{row.lagMs === null ? "–" : longDuration(Math.max(0, row.lagMs))}</td>
      <td className={reasons === "" ? styles.quiet : `${styles.wrong} ${styles.wraps}`} title={reasons}>
        {reasons === "" ? "0" : reasons}
      </td>
    </tr>
  );
}
