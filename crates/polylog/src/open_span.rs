//! Spans of native code that are spans of the application's trace. Each has its id from its start on, so that records and
//! further spans can refer to it; it is handed over when it is closed. The host knows the trace by the context.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::Arc;

use crate::clock::since_epoch;
use crate::held::Held;

/// How many are open. Spans of applications without a trace cost a load of it.
static OPEN: AtomicUsize = AtomicUsize::new(0);

/// A span that isn't closed yet.
#[derive(Debug)]
pub(crate) struct OpenSpan {
    /// The context of the host that it began in.
    pub(crate) held: Arc<Held>,
    pub(crate) id: u64,
    /// 0: the span that is active in the context.
    pub(crate) parent: u64,
    /// Nanoseconds since 1970, as the others.
    pub(crate) start: u64,
    /// When it was left last; 0 before.
    end: AtomicU64,
    has_failed: AtomicBool,
}

impl OpenSpan {
    /// Begins one in this context; `None` where its trace isn't kept.
    ///
    /// @param parent 0 for the span that is active in the context
    pub(crate) fn begin(held: &Arc<Held>, parent: u64) -> Option<Arc<OpenSpan>> {
        if !held.is_traced() {
            return None;
        }
        OPEN.fetch_add(1, Ordering::Relaxed);
        Some(Arc::new(OpenSpan {
            held: held.clone(),
            id: new_id(),
            parent,
            start: now(),
            end: AtomicU64::new(0),
            has_failed: AtomicBool::new(false),
        }))
    }

    /// It was left, perhaps for good: what goes on keeps a span of `tracing` open by being its child.
    pub(crate) fn leave(&self) {
        self.end.store(now(), Ordering::Relaxed);
    }

    pub(crate) fn fail(&self) {
        self.has_failed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    /// When it was left last; now, when it never was. Never before its start.
    pub(crate) fn end(&self) -> u64 {
        let left = self.end.load(Ordering::Relaxed);
        let end = if left == 0 { now() } else { left };
        end.max(self.start)
    }
}

impl Drop for OpenSpan {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::Relaxed);
    }
}

/// False when no thread can be in one.
pub(crate) fn are_any() -> bool {
    OPEN.load(Ordering::Relaxed) > 0
}

fn now() -> u64 {
    since_epoch().as_nanos() as u64
}

/// Random, and not 0. By SplitMix64, from where the hasher of the standard library begins: a thread's ids never repeat, and
/// those of two threads meet as seldom as random numbers of 64 bits do.
fn new_id() -> u64 {
    thread_local! {
        static STATE: Cell<u64> = Cell::new(RandomState::new().build_hasher().finish());
    }
    let next = |state: &Cell<u64>| loop {
        state.set(state.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut id = state.get();
        id = (id ^ (id >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        id = (id ^ (id >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        id ^= id >> 31;
        if id != 0 {
            return id;
        }
    };
    // A thread that is ending has no state any more.
    STATE.try_with(next).unwrap_or_else(|_| RandomState::new().build_hasher().finish() | 1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_not_zero_and_none_comes_twice_on_any_thread() {
        let of_a_thread = || (0..10_000).map(|_| new_id()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(of_a_thread)).collect();
        let ids: Vec<u64> = threads.into_iter().flat_map(|thread| thread.join().expect("ids")).collect();
        assert!(!ids.contains(&0));
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 40_000);
    }
}
