//! Records one after another, as the reader takes them: a header, all their words, all their text.

use crate::encoder::Encoder;

/// Words at the start of a batch: words, bytes of text, whether that is more than ASCII, how many of its records were made
/// before the host said what it wants, and [`HANDED`].
pub(crate) const HEADER: usize = 5;
/// Where the host counts the records that it has handed over.
const HANDED: usize = 4;

/// What is gathered for a batch.
pub(crate) struct Buffer {
    pub(crate) words: Vec<u32>,
    text: Vec<u8>,
    is_wide: bool,
    pub(crate) records: u32,
}

impl Buffer {
    pub(crate) const fn new() -> Buffer {
        Buffer { words: Vec::new(), text: Vec::new(), is_wide: false, records: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len() * 4 + self.text.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(crate) fn append(&mut self, part: &Encoder) {
        self.words.extend_from_slice(&part.words);
        for text in part.texts() {
            self.text.extend_from_slice(text);
        }
        self.is_wide |= part.is_wide;
    }

    pub(crate) fn clear(&mut self) {
        self.words.clear();
        self.text.clear();
        self.is_wide = false;
        self.records = 0;
    }

    /// Writes it as a batch.
    ///
    /// @param out has room for it
    /// @param early how many of the records were made before the host said what it wants
    /// @returns bytes
    pub(crate) fn write_to(&self, out: &mut [u8], early: u32) -> usize {
        let words = (HEADER + self.words.len()) as u32;
        let header: [u32; HEADER] = [words, self.text.len() as u32, u32::from(self.is_wide), early, 0];
        let mut at = 0;
        for part in [bytes_of(&header), bytes_of(&self.words), &self.text] {
            out[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        at
    }
}

/// How many records of the batch that lies here the host has handed over.
pub(crate) fn handed_in(batch: &[u8]) -> Option<u32> {
    let word = batch.get(HANDED * 4..)?.first_chunk()?;
    Some(u32::from_ne_bytes(*word))
}

fn bytes_of(words: &[u32]) -> &[u8] {
    // SAFETY: every byte of a word is initialised and may be read as a byte, which asks for no alignment; the bytes are as
    // many as the words have, and are borrowed for as long.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast::<u8>(), std::mem::size_of_val(words)) }
}
