//! Who reads: the SDK of a thread that runs JavaScript, and how it is woken.

use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use super::node_api::{node_api, ThreadsafeFunction, NONBLOCKING, OK, RELEASE};
use crate::channel::{Channel, Counts, Taken, Wake};
use crate::sender::{self, PRIMARY};
use crate::{control, line};

/// The SDK of a thread. They are few and small, and never freed: native threads may have one in hand.
pub(super) struct Reader {
    /// `None` when the thread ends.
    function: Mutex<Option<Function>>,
    channels: Mutex<Vec<&'static Channel>>,
    /// Records of the batch that it was given last.
    in_hand: AtomicU32,
    /// They hold while it reads [`PRIMARY`].
    wishes: Mutex<Option<Wishes>>,
    is_main: bool,
}

/// What the SDK of a thread wants of records.
pub(super) struct Wishes {
    pub(super) filter: String,
    /// Whether they have the rest of their text line as well.
    pub(super) are_lines_wanted: bool,
}

impl Wishes {
    fn hold(&self) {
        control::set_filter(&self.filter);
        line::set_wanted(self.are_lines_wanted);
    }
}

struct Function(ThreadsafeFunction);
// SAFETY: a thread-safe function is made for being called and released from any thread.
unsafe impl Send for Function {}

struct Waker(&'static Reader);

impl Wake for Waker {
    fn wake(&self) {
        let mut function = lock(&self.0.function);
        let (Some(api), Some(Function(pointer))) = (node_api(), function.as_ref()) else { return };
        // SAFETY: it is there until it is taken out under the lock, or says that it is closing.
        let status = unsafe { (api.call_threadsafe_function)(*pointer, ptr::null_mut(), NONBLOCKING) };
        if status != OK {
            *function = None;
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Those that have connected and live. Also the lock for who reads [`PRIMARY`].
fn readers() -> &'static Mutex<Vec<&'static Reader>> {
    static READERS: OnceLock<Mutex<Vec<&'static Reader>>> = OnceLock::new();
    READERS.get_or_init(Mutex::default)
}

impl Reader {
    /// The SDK of this thread reads from now on: what native threads log, where nobody has more right to that.
    pub(super) fn start(
        function: ThreadsafeFunction,
        wishes: Option<Wishes>,
        is_main: bool,
    ) -> &'static Reader {
        let reader: &'static Reader = Box::leak(Box::new(Reader {
            function: Mutex::new(Some(Function(function))),
            channels: Mutex::new(Vec::new()),
            in_hand: AtomicU32::new(0),
            wishes: Mutex::new(wishes),
            is_main,
        }));
        let mut readers = lock(readers());
        let has_main = readers.iter().any(|other| other.is_main);
        if !PRIMARY.has_reader() || (is_main && !has_main) {
            for other in readers.iter() {
                lock(&other.channels).retain(|channel| !ptr::eq(*channel, &PRIMARY));
            }
            reader.adopt(&PRIMARY);
        } else {
            let own: &'static Channel = Box::leak(Box::new(Channel::new()));
            reader.adopt(own);
            sender::set_own_channel(Some(own));
        }
        readers.push(reader);
        reader
    }

    /// Has it read in the next turn of the event loop.
    pub(super) fn wake(&'static self) {
        Waker(self).wake();
    }

    /// The wishes are those of the process: of several threads the one that reads for native threads says them.
    pub(super) fn wish(&self, wishes: Wishes) {
        if lock(&self.channels).iter().any(|channel| ptr::eq(*channel, &PRIMARY)) {
            wishes.hold();
        }
        *lock(&self.wishes) = Some(wishes);
    }

    fn adopt(&'static self, channel: &'static Channel) {
        lock(&self.channels).push(channel);
        if ptr::eq(channel, &PRIMARY) {
            if let Some(wishes) = &*lock(&self.wishes) {
                wishes.hold();
            }
        }
        channel.attach(Arc::new(Waker(self)));
    }

    /// Writes the next batch of its channels. By asking for it, it says that it has handed over the one before.
    pub(super) fn take(&self, out: &mut [u8]) -> Taken {
        // Locked all the while: what another reader has begun to take must not come here.
        let channels = lock(&self.channels);
        let found = channels.iter().map(|channel| channel.take(out)).find(|taken| taken.bytes > 0);
        let taken = found.unwrap_or_default();
        self.in_hand.store(taken.records, Ordering::Relaxed);
        taken
    }

    /// It comes back by itself, soon.
    pub(super) fn rest(&self) {
        for channel in lock(&self.channels).iter() {
            channel.rest();
        }
    }

    /// The sum of what its channels count.
    pub(super) fn count(&self, read: fn(&Channel) -> u64) -> u64 {
        lock(&self.channels).iter().map(|channel| read(channel)).sum()
    }

    /// Its thread ends, and may be in the middle of a batch.
    ///
    /// @param handed how many records of that were handed over; `None` where that can't be told
    pub(super) fn end(&'static self, handed: Option<u32>) {
        let in_hand = self.in_hand.swap(0, Ordering::Relaxed);
        let lost = in_hand.saturating_sub(handed.unwrap_or(in_hand));
        PRIMARY.add_counts(Counts { sent: 0, dropped: lost.into() });
        if let (Some(api), Some(Function(pointer))) = (node_api(), lock(&self.function).take()) {
            // SAFETY: it was there until now, and nobody has it any more: `wake` uses it under the lock only.
            unsafe { (api.release_threadsafe_function)(pointer, RELEASE) };
        }
        let mut readers = lock(readers());
        readers.retain(|other| !ptr::eq(*other, self));
        for channel in lock(&self.channels).drain(..) {
            if !ptr::eq(channel, &PRIMARY) {
                PRIMARY.add_counts(channel.close());
                continue;
            }
            channel.detach();
            if let Some(next) = readers.first() {
                next.adopt(channel);
            }
        }
    }
}

/// What is wanted by an SDK that hasn't connected yet; heard where no other one has.
pub(super) fn wish_early(wishes: &Wishes) {
    if !PRIMARY.has_reader() {
        wishes.hold();
    }
}
