//! Records between the threads that log and the thread that reads. Who logs copies into a buffer under a lock and never
//! waits for the reader: what doesn't fit is dropped and counted.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::batch::Buffer;
use crate::encoder::{Encoder, OP_RELEASE};
use crate::known::Known;
use crate::level::{Level, OFF};
use crate::names::{Place, Site};
use crate::queue::{Queue, FULL};

/// Bytes that wait for the reader: what threads that log flat out make in some 5 ms, which is how long a reader that slept may
/// take to come on a busy machine.
const CAPACITY: usize = 4 << 20;
/// Bytes of a record; a larger one has no room ever.
const LARGEST: usize = 1 << 20;
/// What of it is kept for warnings and worse, so that a flood of details can't push them out.
const RESERVE: usize = CAPACITY / 8;
/// Bytes, of which so few are left that the buffer counts as full.
const NEARLY: usize = 4 * 1024;
/// Bytes that the reader gives room for: a buffer takes records until it is full.
pub(crate) const BATCH: usize = FULL + LARGEST + 1024;

/// The reader's side.
pub(crate) trait Wake: Send + Sync {
    /// Has the reader take what is there, soon. Never waits.
    fn wake(&self);
}

pub(crate) struct Channel {
    state: Mutex<State>,
    delivered: Condvar,
    is_closed: AtomicBool,
    /// Ranks below this one have no room until the reader comes. Seen without the lock: threads that log flat out would
    /// hardly let the reader have it.
    full_below: AtomicU8,
    /// Records that were turned away by that.
    turned_away: AtomicU64,
    /// Spans for which there was no room.
    lost_spans: AtomicU64,
}

struct State {
    queue: Queue,
    known: Known,
    sent: u64,
    dropped: u64,
    /// Records that came into the queue, were taken out of it, and were delivered.
    appended: u64,
    taken: u64,
    delivered: u64,
    has_had_reader: bool,
    early: u64,
    is_scheduled: bool,
    /// Bytes from which on the reader is woken.
    wake_at: usize,
    reader: Option<Arc<dyn Wake>>,
    waiting: u32,
}

/// Numbers that both sides can count up to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) sent: u64,
    pub(crate) dropped: u64,
}

/// A batch that was written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Taken {
    pub(crate) bytes: usize,
    pub(crate) records: u32,
}

impl Channel {
    pub(crate) const fn new() -> Channel {
        Channel {
            state: Mutex::new(State {
                queue: Queue::new(),
                known: Known::new(),
                sent: 0,
                dropped: 0,
                appended: 0,
                taken: 0,
                delivered: 0,
                has_had_reader: false,
                early: 0,
                is_scheduled: false,
                wake_at: 0,
                reader: None,
                waiting: 0,
            }),
            delivered: Condvar::new(),
            is_closed: AtomicBool::new(false),
            full_below: AtomicU8::new(0),
            turned_away: AtomicU64::new(0),
            lost_spans: AtomicU64::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn is_full(&self, rank: u8) -> bool {
        rank < self.full_below.load(Ordering::Relaxed)
    }

    /// True when a record of this rank has no room; it is counted as lost by that.
    pub(crate) fn turns_away(&self, rank: u8) -> bool {
        let is_full = self.is_full(rank);
        if is_full {
            self.turned_away.fetch_add(1, Ordering::Relaxed);
        }
        is_full
    }

    /// Adds a record. Answers its number, by which one can wait for it; `None` when it was dropped.
    ///
    /// @param place where it was logged, when that has no number
    pub(crate) fn append(
        &self,
        record: &Encoder,
        rank: u8,
        site: Option<&'static Site>,
        place: Place,
    ) -> Option<u64> {
        let mut guard = self.lock();
        let state = &mut *guard;
        state.sent += 1;
        if !self.push(state, record, rank, site, place) {
            state.dropped += 1;
            return None;
        }
        state.queue.count_record();
        state.appended += 1;
        let number = state.appended;
        let reader = state.reader_to_wake();
        drop(guard);
        if let Some(reader) = reader {
            reader.wake();
        }
        Some(number)
    }

    /// Adds a span that was closed, or counts it as lost.
    pub(crate) fn append_span(&self, span: &Encoder, rank: u8, site: Option<&'static Site>, place: Place) {
        if self.is_full(rank) {
            self.lost_spans.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let mut guard = self.lock();
        let state = &mut *guard;
        if !self.push(state, span, rank, site, place) {
            self.lost_spans.fetch_add(1, Ordering::Relaxed);
        }
        let reader = state.reader_to_wake();
        drop(guard);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// False when there is no room.
    fn push(
        &self,
        state: &mut State,
        part: &Encoder,
        rank: u8,
        site: Option<&'static Site>,
        place: Place,
    ) -> bool {
        let room = if rank >= Level::Warn as u8 { CAPACITY } else { CAPACITY - RESERVE };
        let definitions = state.known.missing(part, site, place);
        let waiting = state.queue.len();
        let size = part.len() + definitions.as_ref().map_or(0, Encoder::len);
        if size > LARGEST || waiting + size > room {
            // One that is too big says nothing of others.
            if waiting + NEARLY > room {
                let below = if room == CAPACITY { OFF } else { Level::Warn as u8 };
                self.full_below.fetch_max(below, Ordering::Relaxed);
            }
            return false;
        }
        if definitions.is_some() {
            state.known.add(part, site);
        }
        state.queue.push(part, definitions.as_ref());
        true
    }

    /// Gives back a context that no record has any more.
    pub(crate) fn release(&self, context: u32) {
        if self.is_closed() {
            return;
        }
        let mut state = self.lock();
        // Behind the records that have it.
        state.queue.push_words(&[OP_RELEASE, context]);
        let reader = state.reader_to_wake();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// Takes out what has waited longest, as a batch. Taking the next says that this one was delivered.
    ///
    /// @param out has room for [`BATCH`] bytes
    /// @returns no bytes when there was nothing, and from then on the reader is woken again
    pub(crate) fn take(&self, out: &mut [u8]) -> Taken {
        let mut guard = self.lock();
        let state = &mut *guard;
        state.delivered = state.taken;
        if state.waiting > 0 {
            self.delivered.notify_all();
        }
        if state.known.is_late() {
            let part = state.known.next_part(FULL);
            if !part.words.is_empty() {
                drop(guard);
                let mut batch = Buffer::new();
                batch.append(&part);
                return Taken { bytes: batch.write_to(out, 0), records: 0 };
            }
        }
        if state.queue.is_empty() {
            state.is_scheduled = false;
            state.wake_at = 0;
            return Taken::default();
        }
        let batch = state.queue.pop();
        let records = batch.records;
        let early = state.early.min(records.into());
        state.early -= early;
        state.taken += u64::from(records);
        self.full_below.store(0, Ordering::Relaxed);
        drop(guard);
        // Copied without the lock: who logs goes on meanwhile.
        let bytes = batch.write_to(out, early as u32);
        self.lock().queue.recycle(batch);
        Taken { bytes, records }
    }

    /// The reader comes back by itself, soon: until then it is woken only when there is a whole batch.
    pub(crate) fn rest(&self) {
        let mut state = self.lock();
        state.is_scheduled = false;
        state.wake_at = FULL;
        let reader = state.reader_to_wake();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// A reader comes, in place of the one before.
    pub(crate) fn attach(&self, reader: Arc<dyn Wake>) {
        let mut state = self.lock();
        if state.taken > 0 || state.known.is_late() {
            state.known.tell_again();
            state.delivered = state.taken;
        }
        if !state.has_had_reader {
            state.has_had_reader = true;
            state.early = state.appended;
        }
        state.is_scheduled = true;
        state.reader = Some(reader.clone());
        drop(state);
        reader.wake();
    }

    /// Nobody reads from now on; what comes waits for another reader.
    pub(crate) fn detach(&self) {
        let mut state = self.lock();
        state.reader = None;
        state.is_scheduled = false;
    }

    /// Ends it for good, and answers its counts; what still waits is lost.
    pub(crate) fn close(&self) -> Counts {
        self.is_closed.store(true, Ordering::Release);
        let mut guard = self.lock();
        let state = &mut *guard;
        let lost = state.appended - state.taken;
        let counts = self.counts_of(state);
        let counts = Counts { dropped: counts.dropped + lost, ..counts };
        (state.sent, state.dropped) = (0, 0);
        self.turned_away.store(0, Ordering::Relaxed);
        state.queue = Queue::new();
        state.reader = None;
        counts
    }

    /// True when records have to go another way.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn add_counts(&self, counts: Counts) {
        let mut state = self.lock();
        state.sent += counts.sent;
        state.dropped += counts.dropped;
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts_of(&self.lock())
    }

    pub(crate) fn lost_spans(&self) -> u64 {
        self.lost_spans.load(Ordering::Relaxed)
    }

    fn counts_of(&self, state: &State) -> Counts {
        let turned_away = self.turned_away.load(Ordering::Relaxed);
        Counts { sent: state.sent + turned_away, dropped: state.dropped + turned_away }
    }

    pub(crate) fn has_reader(&self) -> bool {
        self.lock().reader.is_some()
    }

    /// Waits until a record is delivered. False when it isn't within this time.
    pub(crate) fn wait_for(&self, number: u64, most: Duration) -> bool {
        let end = Instant::now() + most;
        let mut state = self.lock();
        state.waiting += 1;
        while state.delivered < number {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || state.reader.is_none() {
                break;
            }
            state = match self.delivered.wait_timeout(state, left) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        state.waiting -= 1;
        state.delivered >= number
    }

    /// Waits for all that is there now.
    pub(crate) fn wait_for_all(&self, most: Duration) -> bool {
        let number = self.lock().appended;
        self.wait_for(number, most)
    }
}

impl State {
    /// At most one call is on its way to the reader.
    fn reader_to_wake(&mut self) -> Option<Arc<dyn Wake>> {
        if self.is_scheduled || self.queue.len() < self.wake_at {
            return None;
        }
        let reader = self.reader.clone()?;
        self.is_scheduled = true;
        Some(reader)
    }
}

#[cfg(test)]
mod tests;
