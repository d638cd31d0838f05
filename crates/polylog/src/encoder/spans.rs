//! Spans that were closed.

use super::{halves_of, Encoder, HEAD, OP_SPAN};
use crate::names::{Cache, Site};
use crate::open_span::OpenSpan;

/// Of the first word: an error happened in it.
const FAILED: u32 = 1 << 16;

impl Encoder {
    /// Writes a span, whose fields were written apart: the head of a record with its end in place of the thread, its id and its
    /// parent's, and then what a record has of a span.
    pub(crate) fn closed_span(
        &mut self,
        open: &OpenSpan,
        rank: u8,
        site: Option<&'static Site>,
        name: &str,
        fields: &Encoder,
        cache: &mut Cache,
    ) {
        self.clear();
        self.line.begin();
        let failed = if open.has_failed() { FAILED } else { 0 };
        self.words
            .extend_from_slice(&[OP_SPAN | (u32::from(rank) << 8) | failed, site.map_or(0, |site| site.id)]);
        self.words.extend_from_slice(&seconds_of(open.start));
        self.words.extend_from_slice(&seconds_of(open.end()));
        self.words.resize(HEAD, 0);
        self.words.extend_from_slice(&halves_of(open.id));
        self.words.extend_from_slice(&halves_of(open.parent));
        self.span(name, fields, cache);
        if self.spans() == 0 {
            // Too much for a record.
            self.span(name, &Encoder::default(), cache);
        }
        self.end(open.held.id, 0);
    }
}

/// Seconds, and the nanoseconds beyond.
fn seconds_of(nanoseconds: u64) -> [u32; 2] {
    [(nanoseconds / 1_000_000_000) as u32, (nanoseconds % 1_000_000_000) as u32]
}
