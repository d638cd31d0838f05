//! What a thread works in: contexts of the host and spans of its own, the innermost last.

use std::cell::RefCell;
use std::sync::Arc;

use crate::channel::Channel;
use crate::held::Held;
use crate::level::Level;
use crate::open_span::OpenSpan;

/// One of them: a context of the host, and the span of this side in it, if there is one.
#[derive(Clone, Debug)]
pub(crate) struct Entered {
    held: Arc<Held>,
    span: Option<Arc<OpenSpan>>,
}

impl Entered {
    /// A context that the host tells of, within what the thread works in: the host knows nothing of the spans on this side.
    pub(crate) fn context(held: Held, inside: Option<Entered>) -> Entered {
        let is_within = |span: &Arc<OpenSpan>| span.held.span_tag == held.span_tag;
        let span = inside.and_then(|inside| inside.span).filter(is_within);
        Entered { held: Arc::new(held), span }
    }

    /// A span, in the context that it began in.
    pub(crate) fn span(open: Arc<OpenSpan>) -> Entered {
        Entered { held: open.held.clone(), span: Some(open) }
    }

    /// The same work without the spans of this side.
    pub(crate) fn outside_spans(self) -> Entered {
        Entered { span: None, ..self }
    }

    pub(crate) fn into_span(self) -> Option<Arc<OpenSpan>> {
        self.span
    }

    /// Begins a span here; `None` where its trace isn't kept.
    pub(crate) fn begin_span(&self) -> Option<Arc<OpenSpan>> {
        OpenSpan::begin(&self.held, self.span_id())
    }

    /// 0 outside of spans that are handed over.
    fn span_id(&self) -> u64 {
        self.span.as_ref().map_or(0, |span| span.id)
    }

    /// Where a record of this rank comes from; an error marks the span that it happens in.
    pub(crate) fn origin(&self, rank: u8) -> Origin {
        if let (Some(span), true) = (&self.span, rank >= Level::Error as u8) {
            span.fail();
        }
        Origin { channel: self.held.channel, context: self.held.id, span: self.span_id() }
    }
}

/// Where a record comes from, as it is handed over.
#[derive(Clone, Copy)]
pub(crate) struct Origin {
    /// The one whose reader knows the context.
    pub(crate) channel: &'static Channel,
    pub(crate) context: u32,
    /// 0 outside of spans that are handed over.
    pub(crate) span: u64,
}

/// Who entered, and so leaves: they may do that in any order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum By {
    Guard,
    /// Of `tracing`, by its number there.
    #[cfg(feature = "tracing")]
    Tracing(u64),
    CContext,
    CSpan,
}

thread_local! {
    static STACK: RefCell<Vec<(By, Entered)>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn enter(entered: Entered, by: By) {
    let _ = STACK.try_with(|stack| stack.borrow_mut().push((by, entered)));
}

/// Leaves what was entered last by this one.
pub(crate) fn leave(by: By) -> Option<Entered> {
    // Given back outside of the borrow: a context may be told to the host by that.
    let left = STACK.try_with(|stack| {
        let mut stack = stack.borrow_mut();
        let at = stack.iter().rposition(|(other, _)| *other == by)?;
        Some(stack.remove(at))
    });
    left.ok().flatten().map(|(_, entered)| entered)
}

/// What this thread works in.
pub(crate) fn current() -> Option<Entered> {
    let top = STACK.try_with(|stack| stack.borrow().last().map(|(_, entered)| entered.clone()));
    top.ok().flatten()
}

/// Hot. The origin of a record of this rank.
pub(crate) fn origin(rank: u8) -> Option<Origin> {
    let origin = STACK.try_with(|stack| stack.borrow().last().map(|(_, entered)| entered.origin(rank)));
    origin.ok().flatten()
}

/// True when a span that begins now may be one of a trace.
pub(crate) fn is_traced() -> bool {
    let is_traced =
        STACK.try_with(|stack| stack.borrow().last().is_some_and(|(_, entered)| entered.held.is_traced()));
    is_traced.unwrap_or(false)
}
