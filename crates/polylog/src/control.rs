//! The filter that holds now. The host changes it at any time; who logs only ever reads atomics.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{OnceLock, RwLock};

use crate::filter::{Filter, SpanDirective};
use crate::level::log_filter_of;

/// A name that something was logged under, and what it needs at least.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) name: Box<str>,
    rank: AtomicU8,
}

impl Target {
    pub(crate) fn lets_through(&self, rank: u8) -> bool {
        rank >= self.rank.load(Ordering::Relaxed)
    }
}

/// Targets that are kept by name. Beyond it, as for names made of data, the filter is asked at each record.
const MOST_TARGETS: usize = 4_096;

/// The lowest rank that anything lets through; what C code compares with before it calls.
#[no_mangle]
pub static POLYLOG_LOWEST: AtomicU8 = AtomicU8::new(2);

struct Control {
    filter: Filter,
    targets: HashMap<&'static str, &'static Target>,
}

fn control() -> &'static RwLock<Control> {
    static CONTROL: OnceLock<RwLock<Control>> = OnceLock::new();
    CONTROL.get_or_init(|| RwLock::new(Control { filter: Filter::default(), targets: HashMap::new() }))
}

/// Has the filter hold from now on, for `log`, `tracing` and C alike.
pub(crate) fn set_filter(text: &str) {
    let lowest = {
        let mut control = control().write().unwrap_or_else(|poisoned| poisoned.into_inner());
        control.filter = Filter::parse(text);
        for target in control.targets.values() {
            target.rank.store(control.filter.rank_of(&target.name), Ordering::Relaxed);
        }
        control.filter.lowest()
    };
    POLYLOG_LOWEST.store(lowest, Ordering::Relaxed);
    log::set_max_level(log_filter_of(lowest));
    #[cfg(feature = "tracing")]
    tracing_core::callsite::rebuild_interest_cache();
}

/// What holds until the host is there: `RUST_LOG`, else `POLYLOG_FILTER` after `POLYLOG_LEVEL`, else info.
pub(crate) fn set_filter_of_environment() {
    let read = |name| std::env::var(name).unwrap_or_default();
    let rust = read("RUST_LOG");
    let own = format!("{},{}", read("POLYLOG_LEVEL"), read("POLYLOG_FILTER"));
    set_filter(if rust.trim().is_empty() { &own } else { &rust });
}

/// The target of this name; `None` when there are too many.
pub(crate) fn target_of(name: &str) -> Option<&'static Target> {
    {
        let control = control().read().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(target) = control.targets.get(name) {
            return Some(target);
        }
        if control.targets.len() >= MOST_TARGETS {
            return None;
        }
    }
    let mut control = control().write().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(target) = control.targets.get(name) {
        return Some(target);
    }
    let target: &'static Target =
        Box::leak(Box::new(Target { name: name.into(), rank: AtomicU8::new(control.filter.rank_of(name)) }));
    control.targets.insert(&target.name, target);
    Some(target)
}

/// Asks the filter itself.
pub(crate) fn is_enabled(name: &str, rank: u8) -> bool {
    let control = control().read().unwrap_or_else(|poisoned| poisoned.into_inner());
    rank >= control.filter.rank_of(name)
}

/// Does something with the directives that hold within spans.
pub(crate) fn with_span_directives<T>(work: impl FnOnce(&[SpanDirective]) -> T) -> T {
    let control = control().read().unwrap_or_else(|poisoned| poisoned.into_inner());
    work(&control.filter.within)
}
