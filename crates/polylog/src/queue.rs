//! Buffers that fill up one after another. Each becomes a batch: small enough that it is in the cache of whoever reads it,
//! and that the host's garbage collector has done with its text soon.

use std::collections::VecDeque;

use crate::batch::Buffer;
use crate::encoder::Encoder;

/// Bytes of a buffer, from which on the next one is begun.
pub(crate) const FULL: usize = 64 * 1024;
/// Empty ones that are kept.
const MOST_SPARE: usize = 4;

pub(crate) struct Queue {
    full: VecDeque<Buffer>,
    open: Buffer,
    spare: Vec<Buffer>,
    /// Bytes of those that are full.
    full_bytes: usize,
}

impl Queue {
    pub(crate) const fn new() -> Queue {
        Queue { full: VecDeque::new(), open: Buffer::new(), spare: Vec::new(), full_bytes: 0 }
    }

    /// Bytes.
    pub(crate) fn len(&self) -> usize {
        self.full_bytes + self.open.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.full.is_empty()
    }

    /// Adds a record or a span, in one piece with what the reader has to know for it.
    pub(crate) fn push(&mut self, part: &Encoder, definitions: Option<&Encoder>) {
        self.make_room();
        if let Some(definitions) = definitions {
            self.open.append(definitions);
        }
        self.open.append(part);
    }

    /// What was added last is a record.
    pub(crate) fn count_record(&mut self) {
        self.open.records += 1;
    }

    /// Adds an operation that has no text.
    pub(crate) fn push_words(&mut self, words: &[u32]) {
        self.make_room();
        self.open.words.extend_from_slice(words);
    }

    fn make_room(&mut self) {
        if self.open.len() < FULL {
            return;
        }
        let next = self.spare.pop().unwrap_or_else(Buffer::new);
        let full = std::mem::replace(&mut self.open, next);
        self.full_bytes += full.len();
        self.full.push_back(full);
    }

    /// The oldest, which may be empty.
    pub(crate) fn pop(&mut self) -> Buffer {
        let Some(full) = self.full.pop_front() else {
            let next = self.spare.pop().unwrap_or_else(Buffer::new);
            return std::mem::replace(&mut self.open, next);
        };
        self.full_bytes -= full.len();
        full
    }

    /// Takes one back when its content isn't needed any more.
    pub(crate) fn recycle(&mut self, mut buffer: Buffer) {
        if self.spare.len() < MOST_SPARE && buffer.len() < 2 * FULL {
            buffer.clear();
            self.spare.push(buffer);
        }
    }
}
