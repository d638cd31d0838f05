//! What a thread works in: contexts of the host and spans of its own, the innermost last.

use std::cell::RefCell;
use std::sync::Arc;

use crate::channel::Channel;
use crate::held::Held;
use crate::level::Level;
use crate::open_span::OpenSpan;

/// One of them.
#[derive(Clone, Debug)]
pub(crate) enum Entered {
    Context(Arc<Held>),
    Span(Arc<OpenSpan>),
}

impl Entered {
    /// The context of the host that it is, or began in.
    pub(crate) fn held(&self) -> &Arc<Held> {
        match self {
            Entered::Context(held) => held,
            Entered::Span(span) => &span.held,
        }
    }

    /// The same work without the spans of this side.
    pub(crate) fn outside_spans(&self) -> Entered {
        Entered::Context(self.held().clone())
    }

    /// Begins a span in it; `None` where its trace isn't kept.
    pub(crate) fn begin_span(&self) -> Option<Arc<OpenSpan>> {
        OpenSpan::begin(self.held(), self.origin().span)
    }

    pub(crate) fn origin(&self) -> Origin {
        let span = match self {
            Entered::Context(_) => 0,
            Entered::Span(span) => span.id,
        };
        let held = self.held();
        Origin { channel: held.channel, context: held.id, span }
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

/// Hot. The origin of a record of this rank; an error marks the span that it happens in.
pub(crate) fn origin(rank: u8) -> Option<Origin> {
    let origin = STACK.try_with(|stack| {
        let stack = stack.borrow();
        let (_, entered) = stack.last()?;
        if rank >= Level::Error as u8 {
            if let Entered::Span(span) = entered {
                span.fail();
            }
        }
        Some(entered.origin())
    });
    origin.ok().flatten()
}

/// True when a span that begins now may be one of a trace.
pub(crate) fn is_traced() -> bool {
    let is_traced =
        STACK.try_with(|stack| stack.borrow().last().is_some_and(|(_, entered)| entered.held().is_traced()));
    is_traced.unwrap_or(false)
}
