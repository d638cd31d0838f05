//! Text, measured and bounded.

use std::fmt::{self, Write};

/// Of UTF-8. Counted by leading bytes: every character is one unit, those of four bytes are two.
pub(crate) fn utf16_units(text: &[u8]) -> u32 {
    text.iter().map(|&byte| u32::from(byte & 0xc0 != 0x80) + u32::from(byte >= 0xf0)).sum()
}

/// Takes as much as there is room for, and counts the rest.
pub(crate) struct Bounded<'a> {
    pub(crate) text: &'a mut Vec<u8>,
    pub(crate) room: usize,
    pub(crate) left_out: usize,
}

impl Write for Bounded<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let mut fits = part.len().min(self.room);
        while !part.is_char_boundary(fits) {
            fits -= 1;
        }
        self.text.extend_from_slice(&part.as_bytes()[..fits]);
        self.room = if fits < part.len() { 0 } else { self.room - fits };
        self.left_out += part.len() - fits;
        Ok(())
    }
}
