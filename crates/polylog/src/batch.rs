//! Records one after another, as the reader takes them: a header, all their words, all their text.

use crate::encoder::Encoder;

/// Words at the start of a batch: words, bytes of text, whether that is more than ASCII, and how many of its records were made
/// before the host said what it wants.
pub(crate) const HEADER: usize = 4;

/// What is gathered for the next batch.
pub(crate) struct Buffer {
    pub(crate) words: Vec<u32>,
    text: Vec<u8>,
    is_wide: bool,
}

impl Buffer {
    pub(crate) const fn new() -> Buffer {
        Buffer { words: Vec::new(), text: Vec::new(), is_wide: false }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len() * 4 + self.text.len()
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
    }

    /// Writes it as a batch.
    ///
    /// @param out has room for it
    /// @param early how many of the records were made before the host said what it wants
    /// @returns bytes
    pub(crate) fn write_to(&self, out: &mut [u8], early: u32) -> usize {
        let words = (HEADER + self.words.len()) as u32;
        let header: [u32; HEADER] = [words, self.text.len() as u32, u32::from(self.is_wide), early];
        let mut at = 0;
        for part in [bytes_of(&header), bytes_of(&self.words), &self.text] {
            out[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        at
    }
}

fn bytes_of(words: &[u32]) -> &[u8] {
    // SAFETY: every byte of a word is initialised and may be read as a byte, which asks for no alignment; the bytes are as
    // many as the words have, and are borrowed for as long.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast::<u8>(), std::mem::size_of_val(words)) }
}

/// A set of small numbers.
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) const fn new() -> Bits {
        Bits(Vec::new())
    }

    pub(crate) fn has(&self, at: u32) -> bool {
        let (word, bit) = (at as usize / 64, at % 64);
        self.0.get(word).is_some_and(|bits| bits & (1 << bit) != 0)
    }

    pub(crate) fn add(&mut self, at: u32) {
        let (word, bit) = (at as usize / 64, at % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << bit;
    }
}
