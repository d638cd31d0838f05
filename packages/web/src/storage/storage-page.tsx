import type { StorageResponse } from "@polylog/server/contract";
import { useStorage } from "../api/server-figures.ts";
import { byteText, shortCount } from "../fields/numbers.ts";
import { Bar } from "../figures/bar.tsx";
import styles from "../figures/figures.module.css";
import { Fact, FiguresPage } from "../figures/figures-page.tsx";
import { PartialNote } from "../search/page/answer-notes.tsx";
import { daysText, keptText } from "../time/duration.ts";
import { Backups } from "./backups.tsx";
import { Days } from "./days.tsx";
import { Services } from "./services.tsx";
import { Tables } from "./tables.tsx";

/** What takes the space, and what goes when. */
export function StoragePage() {
  return (
    <FiguresPage title="Storage" answer={useStorage()}>
      {(storage) => (
        <>
          <Facts storage={storage} />
          <Days storage={storage} />
          <Services />
          <Tables tables={storage.tables} total={storage.bytes} />
          <Backups />
        </>
      )}
    </FiguresPage>
  );
}

function Facts({ storage }: { readonly storage: StorageResponse }) {
  const { bytes, rows, uncompressedBytes, disk, growth, retention } = storage;
  const room = roomOf(storage);
  const isScarce = room !== null && growth !== null && growth > 0 && room < 3 * growth;
  return (
    <>
      <dl className={styles.facts}>
        <Fact name="Takes on disk">
          {byteText(bytes)}
          {uncompressedBytes > bytes && (
            <small>{(uncompressedBytes / bytes).toFixed(1)} times compressed</small>
          )}
        </Fact>
        <Fact name="Rows">{shortCount(rows)}</Fact>
        <Fact name="A day brings">{growth === null ? "–" : byteText(growth)}</Fact>
        {disk && (
          <Fact name="Free on the disk" isWrong={isScarce}>
            {byteText(disk.freeBytes)}
            <small>of {byteText(disk.totalBytes)}</small>
          </Fact>
        )}
        <Fact name="Is kept">
          {keptText(retention.days)}
          {retention.maxBytes !== null && <small>and {byteText(retention.maxBytes)} at most</small>}
        </Fact>
      </dl>
      {storage.partial && (
        <p className={styles.note} role="status">
          <PartialNote isPartial={storage.partial} nodesAway={storage.statistics.nodesAway ?? []} />
        </p>
      )}
      {retention.maxBytes !== null && <Bar share={bytes / retention.maxBytes} />}
      {retention.rules.length > 0 && (
        <p className={styles.note}>
          But{" "}
          {retention.rules.map(({ text, days }, index) => (
            <span key={text}>
              {index > 0 && ", "}
              <code>{text}</code> {keptText(days)}
            </span>
          ))}
          ; the first that fits holds.
        </p>
      )}
      <p className={styles.note}>{outlook(storage)}</p>
    </>
  );
}

/** Bytes until something has to go; null when nothing is known to bound it. */
function roomOf({ bytes, disk, retention }: StorageResponse): number | null {
  const bounds = [
    ...(disk ? [disk.freeBytes] : []),
    ...(retention.maxBytes === null ? [] : [Math.max(0, retention.maxBytes - bytes)]),
  ];
  return bounds.length === 0 ? null : Math.min(...bounds);
}

/** What happens if it goes on like this. */
function outlook(storage: StorageResponse): string {
  const { growth, retention, bytes } = storage;
  const room = roomOf(storage);
  if (growth === null) return "How it grows is told after the first whole day.";
  if (room === null || growth === 0) return "";
  const days = Math.floor(room / growth);
  const isCap = retention.maxBytes !== null && room === Math.max(0, retention.maxBytes - bytes);
  const grown = growth * retention.days;
  if (retention.days > 0 && grown <= bytes + room)
    return `At this pace it comes to take ${byteText(grown)}, for which there is room.`;
  const when = days === 0 ? "today" : `in ${daysText(days)}`;
  return isCap
    ? `At this pace the bound is reached ${when}; from then on the oldest days are dropped.`
    : `At this pace the disk is full ${when}. A bound (--max-size) would drop the oldest days before.`;
}
