//! The host's context, carried along with work that native code does for it.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use crate::channel::Channel;
use crate::sender::{self, Entered};

/// What is known on the JavaScript side of the work that is being done: `withContext`'s ids and fields, and the active span.
/// Records that are logged within carry it, on whatever thread.
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
    held: Option<Arc<Held>>,
}

/// Gives the context back when nobody has it any more.
pub struct Held {
    pub(crate) channel: &'static Channel,
    pub(crate) id: u32,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.id)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.channel.release(self.id);
    }
}

impl Context {
    /// The context of the JavaScript that called. Empty on other threads, and while `polylog` isn't loaded there. Not for
    /// finalizers, in which nothing may be asked of JavaScript.
    pub fn current() -> Context {
        let held = crate::host::capture_context().map(|id| {
            let channel = sender::current_channel();
            Arc::new(Held { channel, id })
        });
        Context { held }
    }

    /// For C, which has no other way to hold it.
    pub(crate) fn into_raw(self) -> *const Held {
        self.held.map_or(std::ptr::null(), Arc::into_raw)
    }

    /// # Safety
    /// `raw` must be of `into_raw`, and is gone after that.
    pub(crate) unsafe fn from_raw(raw: *const Held) -> Context {
        Context { held: (!raw.is_null()).then(|| Arc::from_raw(raw)) }
    }

    /// Has records of this thread carry it until what is returned is dropped.
    pub fn enter(&self) -> EnteredContext<'_> {
        let entered = self.held.as_ref().map(|held| Entered { channel: held.channel, id: held.id });
        let before = sender::set_context(entered.or_else(sender::context));
        EnteredContext { before, _context: PhantomData }
    }

    /// Has records of this future carry it, wherever it is polled.
    pub fn with_future<F: Future>(self, future: F) -> InContext<F> {
        InContext { context: self, future: Box::pin(future) }
    }
}

/// Of [`Context::enter`]. Stays on its thread.
pub struct EnteredContext<'a> {
    before: Option<Entered>,
    _context: PhantomData<(&'a Context, *const ())>,
}

impl Drop for EnteredContext<'_> {
    fn drop(&mut self) {
        sender::set_context(self.before);
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
