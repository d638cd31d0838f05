//! A context of the host, held on this side.

use crate::channel::Channel;

/// A context as the host has it: its number, and the channel whose reader knows it. Given back when nobody has it any more.
pub(crate) struct Held {
    pub(crate) channel: &'static Channel,
    pub(crate) id: u32,
    /// Not 0 where the host wants spans: the active span is in a trace that is kept. The same for the same span.
    pub(crate) span_tag: u32,
}

impl Held {
    pub(crate) fn is_traced(&self) -> bool {
        self.span_tag != 0
    }
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
