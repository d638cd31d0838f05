//! The host's context, carried along with work that native code does for it.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use crate::entered::{self, By, Entered};
use crate::held::Held;
use crate::sender;

/// What is known on the JavaScript side of the work that is being done: `withContext`'s ids and fields, and the active span.
/// Records that are logged within carry it, on whatever thread; spans that begin within are children of that span.
///
/// ```
/// // In a function that JavaScript called:
/// let context = polylog::Context::current();
/// std::thread::spawn(move || {
///     let _entered = context.enter();
///     log::info!("with the caller's invocation and trace");
/// });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Context {
    entered: Option<Entered>,
}

impl Context {
    /// The context of the JavaScript that called, with the span of this thread in which it is asked for; on other threads what
    /// the thread has entered. Empty where there is neither. Not for finalizers, in which nothing may be asked of JavaScript.
    pub fn current() -> Context {
        let inside = entered::current();
        let Some(captured) = crate::host::capture_context() else { return Context { entered: inside } };
        let held = Held { channel: sender::current_channel(), id: captured.id, span_tag: captured.span_tag };
        Context { entered: Some(Entered::context(held, inside)) }
    }

    /// For C, which has no other way to hold it.
    pub(crate) fn into_entered(self) -> Option<Entered> {
        self.entered
    }

    /// Has records of this thread carry it until what is returned is dropped.
    pub fn enter(&self) -> EnteredContext<'_> {
        let has_entered = self.entered.is_some();
        if let Some(entered) = &self.entered {
            entered::enter(entered.clone(), By::Guard);
        }
        EnteredContext { has_entered, _context: PhantomData }
    }

    /// Has records of this future carry it, wherever it is polled.
    pub fn with_future<F: Future>(self, future: F) -> InContext<F> {
        InContext { context: self, future: Box::pin(future) }
    }
}

/// Of [`Context::enter`]. Stays on its thread.
pub struct EnteredContext<'a> {
    has_entered: bool,
    _context: PhantomData<(&'a Context, *const ())>,
}

impl Drop for EnteredContext<'_> {
    fn drop(&mut self) {
        if self.has_entered {
            entered::leave(By::Guard);
        }
    }
}

/// Of [`Context::with_future`].
pub struct InContext<F> {
    context: Context,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let _entered = this.context.enter();
        this.future.as_mut().poll(task)
    }
}
