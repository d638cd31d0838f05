//! From a record to the channel it goes by.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::channel::Channel;
use crate::encoder::{Encoder, Head};
use crate::host;
use crate::names::{Cache, Place};

/// What native threads log goes here, and what is logged before the host is there.
pub(crate) static PRIMARY: Channel = Channel::new();

/// A context of the host: its number, and the channel whose reader knows it.
#[derive(Clone, Copy)]
pub(crate) struct Entered {
    pub(crate) channel: &'static Channel,
    pub(crate) id: u32,
}

/// What a thread keeps from record to record.
struct Local {
    encoder: Encoder,
    cache: Cache,
    thread: u32,
    thread_name: Box<str>,
}

impl Local {
    fn new() -> Local {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        Local {
            encoder: Encoder::default(),
            cache: Cache::new(),
            thread: NEXT.fetch_add(1, Ordering::Relaxed),
            thread_name: std::thread::current().name().unwrap_or_default().into(),
        }
    }
}

thread_local! {
    static LOCAL: RefCell<Option<Box<Local>>> = const { RefCell::new(None) };
    /// Of a thread that runs JavaScript and isn't the one that reads [`PRIMARY`].
    static OWN: Cell<Option<&'static Channel>> = const { Cell::new(None) };
    static CONTEXT: Cell<Option<Entered>> = const { Cell::new(None) };
}

/// A value's `Display` may log: the record within gets a state of its own, like one of a thread that is ending.
fn with_local<T>(work: impl FnOnce(&mut Local) -> T) -> T {
    let mut work = Some(work);
    let done = LOCAL.try_with(|local| {
        let mut local = local.try_borrow_mut().ok()?;
        let work = work.take()?;
        Some(work(local.get_or_insert_with(|| Box::new(Local::new()))))
    });
    match (done, work) {
        (Ok(Some(done)), _) => done,
        (_, Some(work)) => work(&mut Local::new()),
        (_, None) => unreachable!("work is done once"),
    }
}

/// True when a record of this target and rank goes anywhere.
pub(crate) fn is_enabled(target: &str, rank: u8) -> bool {
    let known = with_local(|local| local.cache.target(target).map(|target| target.lets_through(rank)));
    known.unwrap_or_else(|| crate::control::is_enabled(target, rank))
}

/// A number and the channel, by which one can wait for a record.
pub(crate) type Receipt = Option<(&'static Channel, u64)>;

/// Hands a record over. `write` adds message, fields and spans. Never waits for the host.
pub(crate) fn send(rank: u8, place: Place, write: impl FnOnce(&mut Encoder, &mut Cache)) -> Receipt {
    let entered = context().filter(|entered| !entered.channel.is_closed());
    let channel = entered.map_or_else(current_channel, |entered| entered.channel);
    if channel.turns_away(rank) {
        return None;
    }
    with_local(|local| {
        let Local { encoder, cache, thread, thread_name } = local;
        let site = cache.site(place);
        let head = Head { rank, site, time: now(), thread: *thread, thread_name };
        encoder.begin(&head, cache);
        write(encoder, cache);
        encoder.end(entered.map_or(0, |entered| entered.id));
        channel.append(encoder, rank, site, place).map(|number| (channel, number))
    })
}

/// How long a thread whose record may be the last waits until it is out.
const PATIENCE: Duration = Duration::from_millis(250);

/// Waits until a record is delivered, or it isn't to be expected any more; true when it is.
pub(crate) fn settle(receipt: Receipt) -> bool {
    let Some((channel, number)) = receipt else { return false };
    // A thread that runs JavaScript can't wait for it, but has it take what there is.
    host::drain_here();
    channel.wait_for(number, if host::is_here() { Duration::ZERO } else { PATIENCE })
}

/// Writes fields apart from a record: those of a span.
pub(crate) fn with_cache<T>(work: impl FnOnce(&mut Cache) -> T) -> T {
    with_local(|local| work(&mut local.cache))
}

/// Where the records of this thread go.
pub(crate) fn current_channel() -> &'static Channel {
    let own = OWN.try_with(Cell::get).ok().flatten();
    own.filter(|own| !own.is_closed()).unwrap_or(&PRIMARY)
}

pub(crate) fn set_own_channel(channel: Option<&'static Channel>) {
    let _ = OWN.try_with(|own| own.set(channel));
}

pub(crate) fn context() -> Option<Entered> {
    CONTEXT.try_with(Cell::get).ok().flatten()
}

/// Answers the one before.
pub(crate) fn set_context(entered: Option<Entered>) -> Option<Entered> {
    CONTEXT.try_with(|current| current.replace(entered)).ok().flatten()
}

/// Milliseconds since 1970, with what the clock knows below them.
fn now() -> f64 {
    #[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
    return SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64() * 1e3);
}
