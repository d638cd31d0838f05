//! What the bench and the tests have native code do.

use std::error::Error;
use std::fmt;
use std::hint::black_box;
use std::time::Instant;

use napi::bindgen_prelude::{AsyncTask, FnArgs, Function};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status, Task};
use napi_derive::napi;

polylog::napi!();

/// Logs by the `log` crate.
#[napi]
pub fn log_by_name(level: String, target: String, message: String) {
    let level = level.parse().unwrap_or(log::Level::Info);
    log::log!(target: target.as_str(), level, "{message}");
}

/// The same, on a thread of its own, and waits for it.
#[napi]
pub fn log_on_thread(name: String, message: String) {
    let thread = std::thread::Builder::new().name(name).spawn(move || {
        log::info!(target: "my_core::worker", "{message}");
    });
    let _ = thread.map(std::thread::JoinHandle::join);
}

/// Fields of every type that `log` has.
#[napi]
pub fn log_fields() {
    log::warn!(
        target: "my_core::cluster",
        text = "grün",
        whole = -7,
        real = 0.25,
        is_open = true,
        big = u64::MAX,
        huge = i128::MAX,
        debug:? = vec![1, 2];
        "fields of log"
    );
}

/// Fields that stand in a text line as they are, and some that don't.
#[napi]
pub fn log_plain_fields() {
    log::info!(target: "plain", whole = -7, big = 1u64 << 40, real = 0.25, is_open = true; "numbers");
    log::info!(target: "plain", real = -1234.5e9, tiny = 1e-6, zero = 0.0, none = f64::NAN; "more numbers");
    log::info!(target: "plain", huge = 1e21, wide = i128::MAX, least = i64::MIN; "numbers with a form of their own");
    log::info!(target: "plain", text = "ready", blank = "two words", is = "a=b", empty = ""; "texts");
    log::info!(target: "plain", quoted = "say \"hello\"", back = "a\\b", green = "grün"; "texts to be escaped");
    log::info!(target: "plain", lines = "one\ntwo"; "two\nlines");
    log::info!(target: "plain", debug:? = Some(1); "a {} with \"quotes\" and = signs", "message");
    tracing::info!(target: "plain", first = "field", message = "after a field");
    tracing::info!(target: "plain", node = 3, seed = %"10.0.0.1:3000", "of tracing");
}

#[derive(Debug)]
struct Failed(Option<Box<Failed>>);

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "connect failed" } else { "refused" })
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

/// Fields of every type that `tracing` has, within two spans.
#[napi]
pub fn trace_fields() {
    let failed = Failed(Some(Box::new(Failed(None))));
    let outer = tracing::info_span!(target: "my_core", "request", id = 17, user = tracing::field::Empty);
    let _outer = outer.enter();
    outer.record("user", "ada");
    let _inner = tracing::info_span!(target: "my_core", "connect", node = 3).entered();
    tracing::error!(
        target: "my_core::cluster",
        text = "grün",
        whole = -7,
        real = 0.25,
        is_open = true,
        big = u64::MAX,
        debug = ?Some(1),
        error = &failed as &(dyn Error + 'static),
        "fields of {}",
        "tracing"
    );
}

/// A debug event within a span `connect` that has this node.
#[napi]
pub fn trace_in_span(node: u32) {
    let _span = tracing::debug_span!(target: "my_core", "connect", node).entered();
    tracing::debug!(target: "my_core::cluster", node, "within");
}

/// Names that nobody has foreseen.
#[napi]
pub fn log_odd_names() {
    let long = "k".repeat(100);
    log::info!(target: "odd", __proto__ = 1, spans = 2; "names");
    log::logger().log(
        &log::Record::builder()
            .target("odd")
            .level(log::Level::Info)
            .args(format_args!("long"))
            .key_values(&[(long.as_str(), 1)])
            .build(),
    );
}

/// Each under a name and from a place of its own.
#[napi]
pub fn log_many_targets(count: u32) {
    for at in 0..count {
        log::info!(target: &format!("many::{at}"), "{at}");
    }
}

/// Logs within the context that is active in JavaScript: on this thread, on another one, and after it was given back.
#[napi]
pub fn log_in_context() {
    let context = polylog::Context::current();
    {
        let _entered = context.enter();
        log::info!(target: "context", "here");
    }
    let thread = std::thread::spawn(move || {
        let _entered = context.enter();
        log::info!(target: "context", "there");
    });
    let _ = thread.join();
    log::info!(target: "context", "outside");
}

/// Spans within one another, within the context that is active in JavaScript: on this thread, and one on another.
#[napi]
pub fn spans_in_context() {
    let context = polylog::Context::current();
    let _entered = context.enter();
    let cents = tracing::field::Empty;
    let price = tracing::info_span!(target: "my_core::price", "price", order = 7, cents);
    price.in_scope(|| {
        log::info!(target: "my_core::price", "by log");
        let look_up = tracing::info_span!(target: "my_core::cache", "look up", otel.kind = "client");
        let thread = std::thread::spawn(move || {
            look_up.in_scope(|| tracing::error!(target: "my_core::cache", "cold"));
        });
        let _ = thread.join();
        price.record("cents", 1750);
    });
    tracing::info!(target: "my_core::price", "after");
}

#[napi]
pub fn panic_on_thread(message: String) {
    let thread = std::thread::Builder::new().name("doomed".into());
    // Not waited for: it waits until this thread has taken the record.
    let _ = thread.spawn(move || panic!("{message}"));
}

#[napi]
pub fn panic_here(message: String) {
    panic!("{message}");
}

extern "C" fn panic_through_c() {
    panic!("through C");
}

/// Ends the process.
#[napi]
pub fn panic_and_abort(is_here: bool) {
    if is_here {
        panic_through_c();
    }
    std::thread::spawn(|| panic_through_c());
}

/// Threads that log without pause.
pub struct Flood {
    threads: u32,
    records: u32,
}

impl Task for Flood {
    type Output = f64;
    type JsValue = f64;

    fn compute(&mut self) -> Result<f64> {
        let started = Instant::now();
        let records = self.records;
        let threads: Vec<_> = (0..self.threads)
            .map(|thread| {
                std::thread::spawn(move || {
                    for at in 0..records {
                        log::info!(target: "my_core::flood", thread, at; "record of a flood");
                    }
                })
            })
            .collect();
        for thread in threads {
            let _ = thread.join();
        }
        Ok(started.elapsed().as_secs_f64() * 1e3)
    }

    fn resolve(&mut self, _: Env, milliseconds: f64) -> Result<f64> {
        Ok(milliseconds)
    }
}

/// Has each of some threads log so many records; resolves to the milliseconds it took them.
#[napi]
pub fn flood(threads: u32, records: u32) -> AsyncTask<Flood> {
    AsyncTask::new(Flood { threads, records })
}

/// A record as bridges do it that call for each.
#[napi(object)]
pub struct PlainRecord {
    pub level: String,
    pub target: String,
    pub message: String,
    pub thread: u32,
    pub at: u32,
}

type Forward = ThreadsafeFunction<PlainRecord, (), FnArgs<(PlainRecord,)>, Status, false>;

/// The peer: one call of a thread-safe function, with an object, for each record.
#[napi]
pub fn forward_each(records: u32, callback: Function<FnArgs<(PlainRecord,)>, ()>) -> Result<()> {
    let forward: Forward = callback
        .build_threadsafe_function::<PlainRecord>()
        .build_callback(|context| Ok(FnArgs::from((context.value,))))?;
    std::thread::spawn(move || {
        for at in 0..records {
            let record = PlainRecord {
                level: "info".into(),
                target: "my_core::flood".into(),
                message: "record of a flood".into(),
                thread: 0,
                at,
            };
            forward.call(record, ThreadsafeFunctionCallMode::NonBlocking);
        }
    });
    Ok(())
}

/// Nanoseconds of a disabled record, by `log` and by `tracing`.
#[napi]
pub fn time_disabled(times: u32) -> Vec<f64> {
    let each = |started: Instant| started.elapsed().as_secs_f64() * 1e9 / f64::from(times);
    let started = Instant::now();
    for at in 0..times {
        log::trace!(target: "my_core::off", at = black_box(at); "off");
    }
    let log = each(started);
    let started = Instant::now();
    for at in 0..times {
        tracing::trace!(target: "my_core::off", at = black_box(at), "off");
    }
    vec![log, each(started)]
}

/// Nanoseconds of an enabled record on the side of who logs, and how many fitted: nobody reads meanwhile.
#[napi]
pub fn time_enabled(times: u32) -> f64 {
    let started = Instant::now();
    for at in 0..times {
        log::info!(target: "my_core::flood", at; "record of a flood");
    }
    started.elapsed().as_secs_f64() * 1e9 / f64::from(times)
}

/// Nanoseconds of a span with a field, entered and left, within the context that is active in JavaScript.
#[napi]
pub fn time_spans(times: u32) -> f64 {
    let context = polylog::Context::current();
    let _entered = context.enter();
    let started = Instant::now();
    for at in 0..times {
        tracing::info_span!(target: "my_core::spans", "work", at).in_scope(|| black_box(at));
    }
    started.elapsed().as_secs_f64() * 1e9 / f64::from(times)
}
