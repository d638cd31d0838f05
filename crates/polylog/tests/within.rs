//! Values that log while they are shown: the record within must find no lock taken.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tracing::field;

/// Logs under a name that nobody has used yet, each time it is shown: that has to be looked up.
struct Logs(&'static str);

static SHOWN: AtomicUsize = AtomicUsize::new(0);

impl fmt::Debug for Logs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = format!("{}{}", self.0, SHOWN.fetch_add(1, Ordering::Relaxed));
        log::info!(target: &target, "by log");
        tracing::info!("by tracing");
        formatter.write_str("shown")
    }
}

fn comes_to_an_end(work: impl FnOnce() + Send + 'static) {
    std::env::set_var("RUST_LOG", "info,[connect{node=3}]=trace");
    polylog::init();
    let (done, ended) = mpsc::channel();
    thread::spawn(move || {
        work();
        done.send(())
    });
    assert!(ended.recv_timeout(Duration::from_secs(20)).is_ok(), "a thread waits for itself");
}

#[test]
fn a_field_of_a_new_span_may_log_while_directives_name_spans() {
    comes_to_an_end(|| {
        let span = tracing::info_span!("connect", node = ?Logs("within::new"));
        span.in_scope(|| tracing::info!("inside"));
    });
}

#[test]
fn a_field_that_is_recorded_later_may_log_within_its_span() {
    comes_to_an_end(|| {
        let span = tracing::info_span!("outer", value = field::Empty);
        span.in_scope(|| span.record("value", field::debug(Logs("within::later"))));
    });
}
