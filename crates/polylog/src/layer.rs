//! The `tracing` crate's layer: events become records, with the spans that are open around them; spans become spans of the
//! application's trace.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Event, LevelFilter, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Filter, Layer};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::control;
use crate::encoder::Encoder;
use crate::entered::{self, By, Entered};
use crate::level::{Level, OFF};
use crate::names::{Cache, Place, System};
use crate::open_span::{self, OpenSpan};
use crate::sender;
use crate::value::Value;

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
    /// `None` for one that is no part of a trace.
    open: Option<Arc<OpenSpan>>,
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
        let open = begun(attributes, &context).filter(|_| {
            let (target, rank) = (span.metadata().target(), rank_of(span.metadata().level()));
            rank >= lowest || sender::is_enabled(target, rank)
        });
        span.extensions_mut().insert(SpanFields { encoder, lowest, open });
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
        let rank = rank_of(metadata.level());
        let write = |encoder: &mut Encoder, cache: &mut Cache| {
            event.record(&mut EventFields { encoder, cache });
            for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
                if let Some(SpanFields { encoder: fields, .. }) = span.extensions().get::<SpanFields>() {
                    encoder.span(span.name(), fields, cache);
                }
            }
        };
        if event.is_contextual() {
            sender::send(rank, place_of(metadata), write);
            return;
        }
        let inside = place_in(event.parent(), &context);
        let origin = inside.as_ref().map(|inside| inside.origin(rank));
        sender::send_from(origin, rank, place_of(metadata), write);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if !open_span::are_any() {
            return;
        }
        let open = context.span(id).and_then(|span| open_in(&span));
        if let Some(open) = open {
            entered::enter(Entered::span(open), By::Tracing(id.into_u64()));
        }
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        // Not asked of the registry, in which it may be closed already.
        if let Some(open) = entered::leave(By::Tracing(id.into_u64())).and_then(Entered::into_span) {
            open.leave();
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if !open_span::are_any() {
            return;
        }
        let Some(span) = context.span(&id) else { return };
        let Some(SpanFields { encoder, open: Some(open), .. }) = span.extensions_mut().remove() else {
            return;
        };
        let metadata = span.metadata();
        sender::send_span(&open, rank_of(metadata.level()), place_of(metadata), span.name(), &encoder);
    }
}

/// The span of the trace that a new span is; `None` when there is no trace, or it isn't kept.
fn begun<S>(attributes: &Attributes<'_>, context: &Context<'_, S>) -> Option<Arc<OpenSpan>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    if attributes.is_contextual() {
        return if entered::is_traced() { entered::current()?.begin_span() } else { None };
    }
    place_in(attributes.parent(), context)?.begin_span()
}

/// Where that belongs which says so itself: in the span that it names, in none without a name.
fn place_in<S>(parent: Option<&Id>, context: &Context<'_, S>) -> Option<Entered>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let current = entered::current();
    let Some(parent) = parent else { return current.map(Entered::outside_spans) };
    if !open_span::are_any() {
        return current;
    }
    // One that is off leaves it to those around it.
    let mut scope = context.span_scope(parent).into_iter().flatten();
    scope.find_map(|span| open_in(&span)).map(Entered::span).or(current)
}

fn open_in<S>(span: &SpanRef<'_, S>) -> Option<Arc<OpenSpan>>
where
    S: for<'a> LookupSpan<'a>,
{
    span.extensions().get::<SpanFields>().and_then(|fields| fields.open.clone())
}

fn place_of(metadata: &'static Metadata<'static>) -> Place<'static> {
    Place {
        target: metadata.target(),
        module: metadata.module_path().unwrap_or_default(),
        file: metadata.file().unwrap_or_default(),
        line: metadata.line().unwrap_or_default(),
        system: System::Rust,
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

#[cfg(test)]
mod tests;
