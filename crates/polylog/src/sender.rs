//! From a record to the channel it goes by.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::channel::Channel;
use crate::clock::since_epoch;
use crate::encoder::{Encoder, Head};
use crate::entered::{self, Origin};
use crate::names::{Cache, Place};
use crate::open_span::OpenSpan;

/// What native threads log goes here, and what is logged before the host is there.
pub(crate) static PRIMARY: Channel = Channel::new();

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
    send_from(entered::origin(rank), rank, place, write)
}

/// The same, for a record that says itself where it belongs.
pub(crate) fn send_from(
    origin: Option<Origin>,
    rank: u8,
    place: Place,
    write: impl FnOnce(&mut Encoder, &mut Cache),
) -> Receipt {
    let origin = origin.filter(|origin| !origin.channel.is_closed());
    let channel = origin.map_or_else(current_channel, |origin| origin.channel);
    if channel.turns_away(rank) {
        return None;
    }
    with_local(|local| {
        let Local { encoder, cache, thread, thread_name } = local;
        let site = cache.site(place);
        let time = since_epoch().as_secs_f64() * 1e3;
        let head = Head { rank, site, time, thread: *thread, thread_name };
        encoder.begin(&head, cache);
        write(encoder, cache);
        let (context, span) = origin.map_or((0, 0), |origin| (origin.context, origin.span));
        encoder.end(context, span);
        channel.append(encoder, rank, site, place).map(|number| (channel, number))
    })
}

/// Hands a span over that was closed. Never waits for the host.
pub(crate) fn send_span(open: &OpenSpan, rank: u8, place: Place, name: &str, fields: &Encoder) {
    let channel = open.held.channel;
    if channel.is_closed() {
        return;
    }
    with_local(|local| {
        let Local { encoder, cache, .. } = local;
        let site = cache.site(place);
        encoder.closed_span(open, rank, site, name, fields, cache);
        channel.append_span(encoder, rank, site, place);
    });
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
