//! Records between the threads that log and the thread that reads. Who logs copies into a buffer under a lock and never
//! waits for the reader: what doesn't fit is dropped and counted.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::batch::{Bits, Buffer};
use crate::encoder::{Encoder, OP_RELEASE};
use crate::level::{Level, OFF};
use crate::names::{self, Place, Site};

/// Bytes that wait for the reader.
pub(crate) const CAPACITY: usize = 1 << 20;
/// What of it is kept for warnings and worse, so that a flood of details can't push them out.
const RESERVE: usize = CAPACITY / 8;
/// Bytes, of which so few are left that the buffer counts as full.
const NEARLY: usize = 4 * 1024;
/// Bytes that the reader gives room for.
pub(crate) const BATCH: usize = CAPACITY + 64 * 1024;
/// Contexts given back by one batch.
const MOST_RELEASES: usize = 2_048;

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
}

struct State {
    buffer: Buffer,
    spare: Buffer,
    /// By number.
    known_names: Bits,
    known_sites: Bits,
    /// How many definitions a reader has that came late; `usize::MAX` when it needs none.
    defined: usize,
    sent: u64,
    dropped: u64,
    /// Records that came into the buffer, were taken out of it, and were delivered.
    appended: u64,
    taken: u64,
    delivered: u64,
    has_had_reader: bool,
    early: u64,
    is_scheduled: bool,
    reader: Option<Arc<dyn Wake>>,
    released: Vec<u32>,
    waiting: u32,
}

/// Numbers that both sides can count up to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) sent: u64,
    pub(crate) dropped: u64,
}

impl Channel {
    pub(crate) const fn new() -> Channel {
        Channel {
            state: Mutex::new(State {
                buffer: Buffer::new(),
                spare: Buffer::new(),
                known_names: Bits::new(),
                known_sites: Bits::new(),
                defined: usize::MAX,
                sent: 0,
                dropped: 0,
                appended: 0,
                taken: 0,
                delivered: 0,
                has_had_reader: false,
                early: 0,
                is_scheduled: false,
                reader: None,
                released: Vec::new(),
                waiting: 0,
            }),
            delivered: Condvar::new(),
            is_closed: AtomicBool::new(false),
            full_below: AtomicU8::new(0),
            turned_away: AtomicU64::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// True when a record of this rank has no room; it is counted as lost by that.
    pub(crate) fn turns_away(&self, rank: u8) -> bool {
        let is_full = rank < self.full_below.load(Ordering::Relaxed);
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
        let room = if rank >= Level::Warn as u8 { CAPACITY } else { CAPACITY - RESERVE };
        let mut size = state.buffer.len() + record.len();
        let is_known = site.is_some_and(|site| state.known_sites.has(site.id))
            && record.names.iter().all(|name| state.known_names.has(name.id));
        let mut definitions = None;
        if !is_known {
            let made = state.definitions(record, site, place);
            size += made.len();
            definitions = Some(made);
        }
        if size > room {
            state.dropped += 1;
            // A record that is too big says nothing of others.
            if state.buffer.len() + NEARLY > room {
                let below = if room == CAPACITY { OFF } else { Level::Warn as u8 };
                self.full_below.fetch_max(below, Ordering::Relaxed);
            }
            return None;
        }
        if let Some(definitions) = definitions {
            state.buffer.append(&definitions);
            if let Some(site) = site {
                state.known_sites.add(site.id);
            }
            for name in &record.names {
                state.known_names.add(name.id);
            }
        }
        state.buffer.append(record);
        state.appended += 1;
        let number = state.appended;
        let reader = state.reader_to_wake();
        drop(guard);
        if let Some(reader) = reader {
            reader.wake();
        }
        Some(number)
    }

    /// Gives back a context that no record has any more.
    pub(crate) fn release(&self, context: u32) {
        let mut state = self.lock();
        state.released.push(context);
        let reader = state.reader_to_wake();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// Takes out all that is there, as one batch. Taking the next says that this one was delivered.
    ///
    /// @param out has room for [`BATCH`] bytes
    /// @returns bytes; 0 when there was nothing, and from then on the reader is woken again
    pub(crate) fn take(&self, out: &mut [u8]) -> usize {
        let mut guard = self.lock();
        let state = &mut *guard;
        state.delivered = state.taken;
        if state.waiting > 0 {
            self.delivered.notify_all();
        }
        if state.defined != usize::MAX {
            let part = state.next_definitions();
            if !part.words.is_empty() {
                drop(guard);
                let mut batch = Buffer::new();
                batch.append(&part);
                return batch.write_to(out, 0);
            }
        }
        if state.buffer.words.is_empty() && state.released.is_empty() {
            state.is_scheduled = false;
            return 0;
        }
        let spare = std::mem::replace(&mut state.spare, Buffer::new());
        let mut batch = std::mem::replace(&mut state.buffer, spare);
        let releases = state.released.len().min(MOST_RELEASES);
        for context in state.released.drain(..releases) {
            batch.words.extend_from_slice(&[OP_RELEASE, context]);
        }
        state.taken = state.appended;
        self.full_below.store(0, Ordering::Relaxed);
        let early = std::mem::take(&mut state.early) as u32;
        drop(guard);
        // Copied without the lock: who logs goes on meanwhile.
        let length = batch.write_to(out, early);
        batch.clear();
        self.lock().spare = batch;
        length
    }

    /// A reader comes, in place of the one before.
    pub(crate) fn attach(&self, reader: Arc<dyn Wake>) {
        let mut state = self.lock();
        if state.taken > 0 || state.defined != usize::MAX {
            // It doesn't know what the one before was told.
            state.defined = 0;
            state.delivered = state.taken;
        }
        if !state.has_had_reader {
            state.has_had_reader = true;
            state.early = state.appended;
        }
        state.released.clear();
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

    /// Ends it for good, and answers its counts; what was in it is lost.
    pub(crate) fn close(&self) -> Counts {
        self.is_closed.store(true, Ordering::Release);
        let mut guard = self.lock();
        let state = &mut *guard;
        let lost = state.appended - state.delivered;
        let counts = self.counts_of(state);
        let counts = Counts { dropped: counts.dropped + lost, ..counts };
        (state.sent, state.dropped) = (0, 0);
        self.turned_away.store(0, Ordering::Relaxed);
        state.buffer = Buffer::new();
        state.spare = Buffer::new();
        state.reader = None;
        counts
    }

    /// True when records have to go another way.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Adds what a closed channel has counted.
    pub(crate) fn add_counts(&self, counts: Counts) {
        let mut state = self.lock();
        state.sent += counts.sent;
        state.dropped += counts.dropped;
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts_of(&self.lock())
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
    fn definitions(&self, record: &Encoder, site: Option<&'static Site>, place: Place) -> Encoder {
        let mut made = Encoder::default();
        match site {
            Some(site) if self.known_sites.has(site.id) => {}
            Some(site) => made.define_site(site.id, site.place()),
            None => made.define_site(0, place),
        }
        for name in &record.names {
            if !self.known_names.has(name.id) {
                made.define_name(name);
            }
        }
        made
    }

    /// At most one call is on its way to the reader.
    fn reader_to_wake(&mut self) -> Option<Arc<dyn Wake>> {
        if self.is_scheduled {
            return None;
        }
        let reader = self.reader.clone()?;
        self.is_scheduled = true;
        Some(reader)
    }

    /// What a reader that came late has to know, as much of it as a batch holds.
    fn next_definitions(&mut self) -> Encoder {
        let (names, sites) = names::all();
        let mut part = Encoder::default();
        while part.len() < CAPACITY / 2 {
            if let Some(name) = names.get(self.defined) {
                part.define_name(name);
            } else if let Some(site) = sites.get(self.defined - names.len()) {
                part.define_site(site.id, site.place());
            } else {
                self.defined = usize::MAX;
                break;
            }
            self.defined += 1;
        }
        part
    }
}

#[cfg(test)]
mod tests;
