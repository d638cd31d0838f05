//! Records between the threads that log and the thread that reads. Who logs copies into a buffer under a lock and never
//! waits for the reader: what doesn't fit is dropped and counted.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::encoder::{Encoder, OP_RELEASE};
use crate::level::{Level, OFF};
use crate::names::{self, Place, Site};

/// Bytes that wait for the reader.
pub(crate) const CAPACITY: usize = 1 << 20;
/// What of it is kept for warnings and worse, so that a flood of details can't push them out.
const RESERVE: usize = CAPACITY / 8;
/// Bytes, of which so few are left that the buffer counts as full.
const NEARLY: usize = 4 * 1024;
/// Words at the start of a batch: words, bytes of text, whether that is more than ASCII, and how many of its records were made
/// before the host said what it wants.
const HEADER: usize = 4;
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

struct Buffer {
    words: Vec<u32>,
    text: Vec<u8>,
    is_wide: bool,
}

impl Buffer {
    const fn new() -> Buffer {
        Buffer { words: Vec::new(), text: Vec::new(), is_wide: false }
    }

    fn len(&self) -> usize {
        self.words.len() * 4 + self.text.len()
    }

    fn append(&mut self, part: &Encoder) {
        self.words.extend_from_slice(&part.words);
        self.text.extend_from_slice(&part.text);
        self.is_wide |= part.is_wide;
    }

    fn clear(&mut self) {
        self.words.clear();
        self.text.clear();
        self.is_wide = false;
    }
}

struct Bits(Vec<u64>);

impl Bits {
    fn has(&self, at: u32) -> bool {
        let (word, bit) = (at as usize / 64, at % 64);
        self.0.get(word).is_some_and(|bits| bits & (1 << bit) != 0)
    }

    fn add(&mut self, at: u32) {
        let (word, bit) = (at as usize / 64, at % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << bit;
    }
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
                known_names: Bits(Vec::new()),
                known_sites: Bits(Vec::new()),
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
                return write_batch(out, &part.words, &part.text, part.is_wide, 0);
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
        let length = write_batch(out, &batch.words, &batch.text, batch.is_wide, early);
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
}

impl Channel {
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

fn write_batch(out: &mut [u8], words: &[u32], text: &[u8], is_wide: bool, early: u32) -> usize {
    let header: [u32; HEADER] = [(HEADER + words.len()) as u32, text.len() as u32, u32::from(is_wide), early];
    let length = (HEADER + words.len()) * 4 + text.len();
    debug_assert!(length <= out.len());
    let mut at = 0;
    for part in [&header[..], words] {
        // SAFETY: any four bytes are a word and the other way round; the length is that of the words.
        let bytes = unsafe { std::slice::from_raw_parts(part.as_ptr().cast::<u8>(), part.len() * 4) };
        out[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    }
    out[at..at + text.len()].copy_from_slice(text);
    length
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;

    use super::*;
    use crate::encoder::Head;
    use crate::names::{Cache, System};

    const INFO: u8 = Level::Info as u8;
    const WARN: u8 = Level::Warn as u8;

    #[derive(Default)]
    struct Woken(AtomicU32);

    impl Wake for Woken {
        fn wake(&self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Woken {
        fn times(&self) -> u32 {
            self.0.load(Ordering::SeqCst)
        }
    }

    fn place(target: &str) -> Place<'_> {
        Place { target, module: "module", file: "file.rs", line: 1, system: System::Rust }
    }

    fn log(channel: &Channel, cache: &mut Cache, rank: u8, message: &str) -> Option<u64> {
        let place = place("channel");
        let site = cache.site(place);
        let mut record = Encoder::default();
        record.begin(&Head { rank, site, time: 0.0, thread: 1, thread_name: "" }, cache);
        record.message(format_args!("{message}"));
        record.end(0);
        channel.append(&record, rank, site, place)
    }

    /// The messages of a batch, and whether places were defined in it.
    fn read(batch: &[u8]) -> (Vec<String>, bool) {
        let word = |at: usize| u32::from_le_bytes(batch[at * 4..at * 4 + 4].try_into().expect("four bytes"));
        let (end, mut at, mut text) = (word(0) as usize, HEADER, word(0) as usize * 4);
        let (mut messages, mut has_site) = (Vec::new(), false);
        while at < end {
            match word(at) & 0xff {
                crate::encoder::OP_RECORD => {
                    let length = word(at + 8) as usize;
                    messages.push(String::from_utf8_lossy(&batch[text..text + length]).into_owned());
                    text += length;
                    at += 10;
                }
                crate::encoder::OP_SITE => {
                    has_site |= word(at + 2) as usize == "channel".len();
                    text += (word(at + 2) + word(at + 3) + word(at + 4)) as usize;
                    at += 6;
                }
                crate::encoder::OP_NAME => {
                    text += word(at + 2) as usize;
                    at += 3;
                }
                _ => at += 2,
            }
        }
        (messages, has_site)
    }

    fn take(channel: &Channel) -> (Vec<String>, bool) {
        let mut out = vec![0; BATCH];
        let length = channel.take(&mut out);
        if length == 0 {
            return (Vec::new(), false);
        }
        read(&out[..length])
    }

    #[test]
    fn one_call_is_pending_until_the_reader_has_found_nothing() {
        let (channel, mut cache) = (Channel::new(), Cache::new());
        let woken = Arc::new(Woken::default());
        channel.attach(woken.clone());
        assert_eq!(woken.times(), 1);
        log(&channel, &mut cache, INFO, "one");
        log(&channel, &mut cache, INFO, "two");
        assert_eq!(take(&channel).0, ["one", "two"]);
        log(&channel, &mut cache, INFO, "three");
        assert_eq!(take(&channel).0, ["three"]);
        assert!(take(&channel).0.is_empty());
        assert_eq!(woken.times(), 1);
        log(&channel, &mut cache, INFO, "four");
        log(&channel, &mut cache, INFO, "five");
        assert_eq!(woken.times(), 2);
    }

    #[test]
    fn a_place_is_defined_once_and_again_for_another_reader() {
        let (channel, mut cache) = (Channel::new(), Cache::new());
        channel.attach(Arc::new(Woken::default()));
        log(&channel, &mut cache, INFO, "one");
        assert!(take(&channel).1);
        log(&channel, &mut cache, INFO, "two");
        assert!(!take(&channel).1);
        log(&channel, &mut cache, INFO, "three");
        channel.attach(Arc::new(Woken::default()));
        assert!(take(&channel).1);
        assert_eq!(take(&channel).0, ["three"]);
    }

    #[test]
    fn what_does_not_fit_is_counted_and_warnings_have_room_of_their_own() {
        let (channel, mut cache) = (Channel::new(), Cache::new());
        let long = "x".repeat(1_000);
        let mut kept = 0;
        while log(&channel, &mut cache, INFO, &long).is_some() {
            kept += 1;
        }
        assert!(channel.turns_away(INFO));
        assert!(!channel.turns_away(WARN));
        assert!(log(&channel, &mut cache, WARN, &long).is_some());
        assert_eq!(channel.counts(), Counts { sent: kept + 3, dropped: 2 });
        assert_eq!(take(&channel).0.len() as u64, kept + 1);
        assert!(log(&channel, &mut cache, INFO, &long).is_some());
    }

    #[test]
    fn a_record_is_delivered_when_the_next_batch_is_asked_for() {
        let (channel, mut cache) = (Channel::new(), Cache::new());
        channel.attach(Arc::new(Woken::default()));
        let number = log(&channel, &mut cache, INFO, "one").expect("there is room");
        take(&channel);
        assert!(!channel.wait_for(number, Duration::from_millis(1)));
        thread::scope(|scope| {
            let waiting = scope.spawn(|| channel.wait_for(number, Duration::from_secs(20)));
            take(&channel);
            assert!(waiting.join().expect("it doesn't panic"));
        });
    }

    #[test]
    fn a_closed_channel_counts_what_was_in_it_as_lost() {
        let (channel, mut cache) = (Channel::new(), Cache::new());
        log(&channel, &mut cache, INFO, "one");
        take(&channel);
        take(&channel);
        log(&channel, &mut cache, INFO, "two");
        assert_eq!(channel.close(), Counts { sent: 2, dropped: 1 });
        assert!(channel.is_closed());
    }

    #[test]
    fn many_threads_lose_nothing_that_is_not_counted() {
        let channel = Channel::new();
        let done = AtomicU32::new(0);
        let delivered = thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut cache = Cache::new();
                    for at in 0..5_000 {
                        log(&channel, &mut cache, INFO, &at.to_string());
                    }
                    done.fetch_add(1, Ordering::SeqCst);
                });
            }
            let mut delivered = 0;
            loop {
                let is_last = done.load(Ordering::SeqCst) == 4;
                let count = take(&channel).0.len() as u64;
                delivered += count;
                if is_last && count == 0 {
                    return delivered;
                }
            }
        });
        let Counts { sent, dropped } = channel.counts();
        assert_eq!((sent, delivered + dropped), (20_000, 20_000));
    }
}
