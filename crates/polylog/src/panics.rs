//! Panics become fatal records.

use std::backtrace::Backtrace;
use std::panic::{self, PanicHookInfo};

use crate::level::Level;
use crate::names::{Place, System};
use crate::sender;
use crate::settle::settle;
use crate::value::Value;

/// The logger of panics.
const TARGET: &str = "rust.panic";
/// Logs panics, with their backtrace, before they go their way. Where the host can't take the record in time, the hook that
/// was there prints it as ever.
pub(crate) fn install() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !log_panic(info) {
            before(info);
        }
    }));
}

/// False when nobody has heard of it.
fn log_panic(info: &PanicHookInfo) -> bool {
    let message = message_of(info);
    let backtrace = Backtrace::force_capture().to_string();
    let location = info.location();
    let place = Place {
        target: TARGET,
        module: "",
        file: location.map_or("", |location| location.file()),
        line: location.map_or(0, |location| location.line()),
        system: System::Rust,
    };
    let at = location.map_or_else(|| "an unknown place".to_owned(), |location| location.to_string());
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("unnamed");
    let stack = format!("panic: {message}\n    at {at}\n{backtrace}");
    let receipt = sender::send(Level::Fatal as u8, place, |encoder, cache| {
        encoder.message(format_args!("thread '{thread}' panicked: {message}"), cache);
        encoder.field("panic", Value::Panic { message, stack: &stack }, cache);
        encoder.field("location", Value::Str(&at), cache);
    });
    settle(receipt)
}

fn message_of<'a>(info: &'a PanicHookInfo) -> &'a str {
    let payload = info.payload();
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is no text")
}
