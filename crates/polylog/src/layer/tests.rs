use std::collections::HashMap;

use tracing::subscriber::with_default;
use tracing::{debug_span, error, field, info, info_span, Span};
use tracing_subscriber::layer::SubscriberExt;

use super::*;
use crate::batch::HEADER;
use crate::channel::{Channel, BATCH};
use crate::encoder::{HEAD, IN_SPAN, OP_NAME, OP_RECORD, OP_RELEASE, OP_SITE, OP_SPAN};
use crate::held::Held;

/// As the host sees it.
#[derive(Clone, Debug, PartialEq)]
struct Closed {
    name: String,
    id: u64,
    parent: u64,
    context: u32,
    rank: u32,
    has_failed: bool,
    fields: u32,
    start: u64,
    end: u64,
}

/// What came out of a channel: spans by name, and the span and context of each record, in their order.
#[derive(Default)]
struct Seen {
    spans: Vec<Closed>,
    records: Vec<(u64, u32)>,
    released: Vec<u32>,
    names: HashMap<u32, String>,
}

impl Seen {
    fn span(&self, name: &str) -> &Closed {
        self.spans.iter().find(|span| span.name == name).expect(name)
    }

    fn closed(&self) -> Vec<&str> {
        self.spans.iter().map(|span| &*span.name).collect()
    }
}

fn read(batch: &[u8], seen: &mut Seen) {
    let word = |at: usize| u32::from_ne_bytes(batch[at * 4..at * 4 + 4].try_into().expect("four bytes"));
    let wide = |at: usize| (u64::from(word(at)) << 32) | u64::from(word(at + 1));
    let time = |at: usize| u64::from(word(at)) * 1_000_000_000 + u64::from(word(at + 1));
    let (end, mut at, mut text) = (word(0) as usize, HEADER, word(0) as usize * 4);
    while at < end {
        let first = word(at);
        match first & 0xff {
            OP_NAME => {
                let length = word(at + 2) as usize;
                let name = String::from_utf8_lossy(&batch[text..text + length]).into_owned();
                seen.names.insert(word(at + 1), name);
                text += length;
                at += 3;
            }
            OP_SITE => {
                text += (word(at + 2) + word(at + 3) + word(at + 4)) as usize;
                at += 6;
            }
            OP_RELEASE => {
                seen.released.push(word(at + 1));
                at += 2;
            }
            op @ (OP_RECORD | OP_SPAN) => {
                let next = at + word(at + 10) as usize;
                text += word(at + 11) as usize;
                if op == OP_RECORD {
                    let span = if first & IN_SPAN != 0 { wide(next - 2) } else { 0 };
                    seen.records.push((span, word(at + 6)));
                } else {
                    seen.spans.push(Closed {
                        name: seen.names[&word(at + HEAD + 4)].clone(),
                        id: wide(at + HEAD),
                        parent: wide(at + HEAD + 2),
                        context: word(at + 6),
                        rank: first >> 8 & 0xff,
                        has_failed: first >> 16 != 0,
                        fields: word(at + HEAD + 5),
                        start: time(at + 2),
                        end: time(at + 4),
                    });
                }
                at = next;
            }
            op => panic!("operation {op}"),
        }
    }
}

fn take(channel: &Channel) -> Seen {
    let mut seen = Seen::default();
    let mut out = vec![0; BATCH];
    loop {
        let length = channel.take(&mut out).bytes;
        if length == 0 {
            return seen;
        }
        read(&out[..length], &mut seen);
    }
}

const CONTEXT: u32 = 7;

fn context_of(channel: &'static Channel, span_tag: u32) -> Entered {
    Entered::context(Held { channel, id: CONTEXT, span_tag }, None)
}

/// Does work within a context, and gives it back; what came out by that.
fn within(span_tag: u32, work: impl FnOnce()) -> Seen {
    let channel: &'static Channel = Box::leak(Box::new(Channel::new()));
    with_default(tracing_subscriber::registry().with(layer()), || {
        entered::enter(context_of(channel, span_tag), By::Guard);
        work();
        drop(entered::leave(By::Guard));
    });
    take(channel)
}

#[test]
fn a_span_is_handed_over_when_it_is_closed_with_its_parent_and_fields_of_later() {
    let seen = within(1, || {
        let outer = info_span!("outer", order = 7, user = field::Empty);
        outer.in_scope(|| {
            outer.record("user", "ada");
            info_span!("inner").in_scope(|| info!("within"));
        });
    });
    assert_eq!(seen.closed(), ["inner", "outer"]);
    let (inner, outer) = (seen.span("inner"), seen.span("outer"));
    assert_eq!((outer.parent, outer.fields, outer.context, outer.rank), (0, 2, CONTEXT, 2));
    assert_eq!((inner.parent, inner.context), (outer.id, CONTEXT));
    assert_eq!(seen.records, [(inner.id, CONTEXT)]);
    assert!(outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end);
    assert!(!inner.has_failed && !outer.has_failed);
    assert_eq!(seen.released, [CONTEXT]);
}

#[test]
fn where_the_trace_is_not_kept_there_is_no_span_and_records_are_as_ever() {
    let seen = within(0, || info_span!("outer").in_scope(|| info!("within")));
    assert!(seen.spans.is_empty());
    assert_eq!(seen.records, [(0, CONTEXT)]);
}

#[test]
fn a_span_whose_level_is_off_is_none_and_its_children_have_its_parent() {
    let seen = within(1, || {
        info_span!("outer").in_scope(|| debug_span!("off").in_scope(|| info_span!("inner").in_scope(|| {})));
    });
    assert_eq!(seen.closed(), ["inner", "outer"]);
    assert_eq!(seen.span("inner").parent, seen.span("outer").id);
}

#[test]
fn an_error_marks_the_span_that_it_is_logged_in_and_no_other() {
    let seen = within(1, || {
        info_span!("outer").in_scope(|| {
            info_span!("by tracing").in_scope(|| error!("failed"));
            info_span!("fine").in_scope(|| info!("done"));
            let named = info_span!("by name");
            error!(parent: &named, "failed");
        });
    });
    let failed = |name| seen.span(name).has_failed;
    assert!(failed("by tracing") && failed("by name"));
    assert!(!failed("fine") && !failed("outer"));
    assert_eq!(seen.records[2].0, seen.span("by name").id);
}

#[test]
fn a_span_belongs_where_it_says() {
    let seen = within(1, || {
        let first = info_span!("first");
        info_span!("second").in_scope(|| {
            drop(info_span!(parent: &first, "of first"));
            drop(info_span!(parent: None, "of none"));
        });
    });
    assert_eq!(seen.span("of first").parent, seen.span("first").id);
    assert_eq!(seen.span("of none").parent, 0);
}

#[test]
fn a_span_is_taken_along_to_another_thread() {
    let seen = within(1, || {
        let outer = info_span!("outer").entered();
        let (span, context) = (Span::current(), crate::Context::current());
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        let by_span = std::thread::spawn(move || {
            tracing::dispatcher::with_default(&dispatch, || {
                span.in_scope(|| info_span!("by span").in_scope(|| {}));
                let _entered = context.enter();
                info_span!("by context").in_scope(|| {});
            })
        });
        by_span.join().expect("spans");
        drop(outer);
    });
    assert_eq!(seen.span("by span").parent, seen.span("outer").id);
    assert_eq!(seen.span("by context").parent, seen.span("outer").id);
    assert_eq!(seen.released, [CONTEXT]);
}

#[test]
fn what_is_entered_last_holds_in_whichever_order_it_is_left() {
    let other: &'static Channel = Box::leak(Box::new(Channel::new()));
    let seen = within(1, || {
        let outer = info_span!("outer").entered();
        entered::enter(context_of(other, 2), By::CContext);
        info_span!("of the other").in_scope(|| {});
        drop(outer);
        info_span!("of the other still").in_scope(|| {});
        drop(entered::leave(By::CContext));
        info_span!("of the first").in_scope(|| {});
    });
    assert_eq!(seen.closed(), ["outer", "of the first"]);
    assert_eq!(seen.span("of the first").parent, 0);
    let seen = take(other);
    assert_eq!(seen.closed(), ["of the other", "of the other still"]);
    assert!(seen.spans.iter().all(|span| span.parent == 0));
}

#[test]
fn a_context_that_javascript_tells_of_within_a_span_is_that_context_in_that_span() {
    let channel: &'static Channel = Box::leak(Box::new(Channel::new()));
    let called_back = |span_tag| Entered::context(Held { channel, id: 8, span_tag }, entered::current());
    with_default(tracing_subscriber::registry().with(layer()), || {
        entered::enter(context_of(channel, 1), By::Guard);
        info_span!("outer").in_scope(|| {
            for span_tag in [1, 2, 0] {
                entered::enter(called_back(span_tag), By::CContext);
                info!("within");
                entered::leave(By::CContext);
            }
        });
        drop(entered::leave(By::Guard));
    });
    let seen = take(channel);
    // Of another span of JavaScript's, or of one that isn't kept, it is none.
    assert_eq!(seen.records, [(seen.span("outer").id, 8), (0, 8), (0, 8)]);
}

#[test]
fn a_span_ends_when_it_is_left_for_the_last_time_not_with_its_longest_child() {
    let seen = within(1, || {
        let outer = info_span!("outer");
        let inner = outer.in_scope(|| info_span!("inner"));
        drop(outer);
        std::thread::sleep(std::time::Duration::from_millis(5));
        inner.in_scope(|| {});
    });
    assert_eq!(seen.closed(), ["inner", "outer"]);
    assert!(seen.span("outer").end <= seen.span("inner").end - 4_000_000);
}

#[test]
fn what_finds_no_room_is_counted() {
    let channel: &'static Channel = Box::leak(Box::new(Channel::new()));
    with_default(tracing_subscriber::registry().with(layer()), || {
        entered::enter(context_of(channel, 1), By::Guard);
        for at in 0..60_000 {
            info_span!("flood", at).in_scope(|| {});
        }
        drop(entered::leave(By::Guard));
    });
    let read = take(channel).spans.len() as u64;
    assert!(read > 0 && channel.lost_spans() > 0);
    assert_eq!(read + channel.lost_spans(), 60_000);
    assert_eq!(channel.counts(), crate::channel::Counts::default());
}
