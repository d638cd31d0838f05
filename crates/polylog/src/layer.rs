//! The `tracing` crate's layer: events become records, with the spans that are open around them.

use std::error::Error;
use std::fmt;

use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Event, LevelFilter, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Filter, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::control;
use crate::encoder::{Encoder, Value};
use crate::level::{Level, OFF};
use crate::names::{Cache, Place, System};
use crate::sender;

/// A layer that hands events to the host, at the levels the host says. [`install`](crate::install) sets it as the global
/// subscriber; take it yourself to combine it with others.
///
/// ```
/// use tracing_subscriber::prelude::*;
///
/// let subscriber = tracing_subscriber::registry().with(polylog::layer());
/// # drop(subscriber);
/// ```
pub fn layer<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    Records.with_filter(Levels)
}

struct Records;

/// What is kept with a span.
struct SpanFields {
    encoder: Encoder,
    /// What directives that name this span let through, beside their targets; `OFF` when none does.
    lowest: u8,
}

impl<S> Layer<S> for Records
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut encoder = Encoder::default();
        sender::with_cache(|cache| attributes.record(&mut Fields { encoder: &mut encoder, cache }));
        let mut texts = Texts::default();
        if control::with_span_directives(|directives| !directives.is_empty()) {
            // Without the lock, which a value that logs while it is shown takes too.
            attributes.record(&mut texts);
        }
        let lowest = control::with_span_directives(|directives| {
            let named =
                directives.iter().filter(|directive| directive.matches(span.name(), &|name| texts.of(name)));
            named.map(|directive| directive.rank).min().unwrap_or(OFF)
        });
        span.extensions_mut().insert(SpanFields { encoder, lowest });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        // Apart from the span, which a value that logs within it asks for its fields.
        let mut added = Encoder::default();
        sender::with_cache(|cache| values.record(&mut Fields { encoder: &mut added, cache }));
        let mut extensions = span.extensions_mut();
        if let Some(SpanFields { encoder, .. }) = extensions.get_mut::<SpanFields>() {
            encoder.append(&added);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        let place = Place {
            target: metadata.target(),
            module: metadata.module_path().unwrap_or_default(),
            file: metadata.file().unwrap_or_default(),
            line: metadata.line().unwrap_or_default(),
            system: System::Rust,
        };
        sender::send(rank_of(metadata.level()), place, |encoder, cache| {
            event.record(&mut EventFields { encoder, cache });
            for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
                if let Some(SpanFields { encoder: fields, .. }) = span.extensions().get::<SpanFields>() {
                    encoder.span(span.name(), fields, cache);
                }
            }
        });
    }
}

/// The levels that the host has pushed down. A callsite that is off costs what `tracing` itself takes to see that: one
/// relaxed load.
struct Levels;

impl<S> Filter<S> for Levels
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        let (target, rank) = (metadata.target(), rank_of(metadata.level()));
        if sender::is_enabled(target, rank) {
            return Interest::always();
        }
        control::with_span_directives(|directives| {
            if metadata.is_span() {
                // Whether its fields match is known when there is one.
                let is_named = directives.iter().any(|directive| directive.names(metadata.name()));
                return if is_named { Interest::always() } else { Interest::never() };
            }
            let is_possible = directives.iter().any(|directive| directive.lets_through(target, rank));
            if is_possible {
                Interest::sometimes()
            } else {
                Interest::never()
            }
        })
    }

    fn enabled(&self, metadata: &Metadata<'_>, context: &Context<'_, S>) -> bool {
        let (target, rank) = (metadata.target(), rank_of(metadata.level()));
        if sender::is_enabled(target, rank) {
            return true;
        }
        if metadata.is_span() {
            return control::with_span_directives(|all| all.iter().any(|one| one.names(metadata.name())));
        }
        if !control::with_span_directives(|all| all.iter().any(|one| one.lets_through(target, rank))) {
            return false;
        }
        let mut span = context.lookup_current();
        while let Some(current) = span {
            let lowest = current.extensions().get::<SpanFields>().map_or(OFF, |fields| fields.lowest);
            if rank >= lowest {
                return true;
            }
            span = current.parent();
        }
        false
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match control::POLYLOG_LOWEST.load(std::sync::atomic::Ordering::Relaxed) {
            0 => LevelFilter::TRACE,
            1 => LevelFilter::DEBUG,
            2 => LevelFilter::INFO,
            3 => LevelFilter::WARN,
            4 => LevelFilter::ERROR,
            _ => LevelFilter::OFF,
        })
    }
}

fn rank_of(level: &tracing_core::Level) -> u8 {
    let level = match *level {
        tracing_core::Level::TRACE => Level::Trace,
        tracing_core::Level::DEBUG => Level::Debug,
        tracing_core::Level::INFO => Level::Info,
        tracing_core::Level::WARN => Level::Warn,
        tracing_core::Level::ERROR => Level::Error,
    };
    level as u8
}

struct Fields<'a> {
    encoder: &'a mut Encoder,
    cache: &'a mut Cache,
}

impl Fields<'_> {
    fn write(&mut self, field: &Field, value: Value) {
        self.encoder.field(field.name(), value, self.cache);
    }
}

/// The field that is the message goes where messages are.
struct EventFields<'a> {
    encoder: &'a mut Encoder,
    cache: &'a mut Cache,
}

impl EventFields<'_> {
    fn write(&mut self, field: &Field, value: Value) {
        if field.name() == "message" {
            self.encoder.set_message(&value);
        } else {
            self.encoder.field(field.name(), value, self.cache);
        }
    }
}

macro_rules! visit_values {
    ($visitor:ident) => {
        impl Visit for $visitor<'_> {
            fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
                self.write(field, Value::Args(format_args!("{value:?}")));
            }

            fn record_f64(&mut self, field: &Field, value: f64) {
                self.write(field, Value::F64(value));
            }

            fn record_i64(&mut self, field: &Field, value: i64) {
                self.write(field, Value::I64(value));
            }

            fn record_u64(&mut self, field: &Field, value: u64) {
                self.write(field, Value::U64(value));
            }

            fn record_i128(&mut self, field: &Field, value: i128) {
                self.write(field, Value::Wide(&value));
            }

            fn record_u128(&mut self, field: &Field, value: u128) {
                self.write(field, Value::Wide(&value));
            }

            fn record_bool(&mut self, field: &Field, value: bool) {
                self.write(field, Value::Bool(value));
            }

            fn record_str(&mut self, field: &Field, value: &str) {
                self.write(field, Value::Str(value));
            }

            fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
                self.write(field, Value::Error(value));
            }
        }
    };
}

visit_values!(Fields);
visit_values!(EventFields);

/// Values of a span's fields as text, to compare them with what a directive wants.
#[derive(Default)]
struct Texts(Vec<(&'static str, String)>);

impl Texts {
    fn of(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(other, _)| *other == name);
        found.map(|(_, text)| text.clone())
    }
}

impl Visit for Texts {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }
}
