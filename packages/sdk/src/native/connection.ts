import { isMainThread, threadId } from "node:worker_threads";
import { messageOf } from "../format/error.ts";
import type { Polylog } from "../polylog.ts";
import { hasSpans, type NativeAddon } from "./addon.ts";
import { Decoder } from "./decoder.ts";
import { connectSource } from "./source.ts";
import { onSpanDrain, spanTaker } from "./span-taker.ts";

/** Milliseconds of a turn of the event loop that records may take. */
const SLICE = 2;
/**
 * Bytes of a batch, after which the next one is given time to fill up. Threads that log flat out have made some more at once:
 * who takes that, again and again, has them wait for the lock longer than all else takes.
 */
const FEW = 16 * 1024;
/** Milliseconds of that time, unless the batch is full before. */
const REST = 1;
/**
 * Batches taken at once when nothing may be left: more than can lie ready, but native threads may log faster than they are
 * read, without end.
 */
const MOST_DRAINED = 128;

/** Brings an addon's records to the loggers of a Polylog. It keeps no process alive. */
export function connectAddon(addon: NativeAddon, polylog: Polylog): void {
  const inlet = connectSource(polylog, {
    drain,
    get dropped() {
      return addon.dropped() + unreadable;
    },
    setFilter: (filter, areLinesWanted) => addon.setFilter(filter, areLinesWanted),
  });
  const decoder = new Decoder({
    inlet,
    batchBytes: addon.batchBytes,
    clock: () => performance.now(),
    reader: threadId,
  });
  let unreadable = 0;
  let lostSpans = 0;
  /** Of the batch that was taken last. */
  let bytes = 0;
  let isScheduled = false;
  let isReading = false;
  const rest = setTimeout(readSlice, REST).unref();
  const areSpansRead = hasSpans(addon);
  if (areSpansRead) onSpanDrain(drain);
  addon.connect(onWake, drain, () => decoder.capture(areSpansRead), isMainThread, decoder.batch);
  if (areSpansRead) lostSpans = countLostSpans();

  function onWake(): void {
    if (isScheduled) return;
    isScheduled = true;
    // It runs later in this turn of the event loop, which native code has woken; so it may be one that keeps nothing alive.
    setImmediate(readSlice).unref();
  }

  function readSlice(): void {
    isScheduled = false;
    const until = performance.now() + SLICE;
    do {
      const read = readSome(until);
      if (read === 0) return;
      if (read < FEW && !decoder.hasMore) {
        addon.rest();
        rest.refresh();
        return;
      }
    } while (performance.now() < until);
    // The event loop may have nothing else to do: an immediate would wait until it has, and one that doesn't would keep
    // the process alive as long as native threads log.
    addon.wakeAgain();
  }

  /** Answers the bytes of the batch that it has read of; 0 when there was nothing. */
  function readSome(until: number): number {
    isReading = true;
    try {
      if (!decoder.hasMore) {
        bytes = addon.take(decoder.batch);
        if (bytes === 0) return 0;
        decoder.open();
      }
      do runOn(until);
      while (decoder.hasMore && performance.now() < until);
    } catch (error) {
      tellUnread(error);
    } finally {
      isReading = false;
      if (areSpansRead) tellLostSpans();
    }
    return bytes;
  }

  function countLostSpans(): number {
    return decoder.lostSpans + (addon.droppedSpans?.() ?? 0);
  }

  /** Fewer than before there are when another thread reads for native ones from now on; what was lost until then is told. */
  function tellLostSpans(): void {
    const before = lostSpans;
    lostSpans = countLostSpans();
    if (lostSpans > before) spanTaker()?.lost(lostSpans - before);
  }

  /** Until the time is over, the batch is through, or something in it can't be read. */
  function runOn(until: number): void {
    try {
      decoder.run(until);
    } catch (error) {
      unreadable += decoder.passBroken();
      tellUnread(error);
    }
  }

  function tellUnread(error: unknown): void {
    const message = `native records could not be read and are lost: ${messageOf(error)}`;
    polylog.problems.tell("POLYLOG_E_NATIVE", "batch", message);
  }

  function drain(): void {
    if (isReading) return;
    for (let batches = 0; batches < MOST_DRAINED; batches++) {
      if (readSome(Number.POSITIVE_INFINITY) === 0) return;
    }
  }
}
