//! A record as it is handed to the host: 32-bit words, and beside them all its text in one piece, so that the host makes
//! one string of a whole batch and cuts it up. Lengths are counted in UTF-16 units for that reason.
//!
//! The host's half is `packages/sdk/src/native/decoder.ts`; both change together, with [`VERSION`].

use std::error::Error;
use std::fmt::{self, Write};

use crate::names::{Cache, Name, Place, Site};

/// Of the format. A host that knows another one takes nothing.
pub(crate) const VERSION: u32 = 1;

pub(crate) const OP_RECORD: u32 = 1;
pub(crate) const OP_NAME: u32 = 2;
pub(crate) const OP_SITE: u32 = 3;
pub(crate) const OP_RELEASE: u32 = 4;

const NULL: u32 = 0;
const FALSE: u32 = 1;
const TRUE: u32 = 2;
const INTEGER: u32 = 3;
const DOUBLE: u32 = 4;
const TEXT: u32 = 5;
const BIG: u32 = 6;
const ERROR: u32 = 7;
/// A message and a stack: what a panic has.
const PANIC: u32 = 8;

/// Bytes of a text; the rest is cut off, and it says so.
const LONGEST_TEXT: usize = 64 * 1024;
/// Bytes of a record. Fields beyond are left out.
const LONGEST_RECORD: usize = 256 * 1024;
const MOST_FIELDS: u32 = 512;
/// Errors behind one another.
const MOST_CAUSES: usize = 10;

/// Position of the word with the number of fields.
const COUNTS: usize = 9;

/// The value of a field.
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    I64(i64),
    U64(u64),
    F64(f64),
    Str(&'a str),
    /// An integer that is wider.
    Wide(&'a dyn fmt::Display),
    Args(fmt::Arguments<'a>),
    Error(&'a (dyn Error + 'static)),
    Panic {
        message: &'a str,
        stack: &'a str,
    },
}

/// Fields, written. Those of a span are kept with it.
#[derive(Default)]
pub(crate) struct Encoder {
    pub(crate) words: Vec<u32>,
    pub(crate) text: Vec<u8>,
    pub(crate) is_wide: bool,
    /// Those that the host has to know.
    pub(crate) names: Vec<&'static Name>,
    pub(crate) fields: u32,
}

/// What a record has beside message and fields.
pub(crate) struct Head<'a> {
    pub(crate) rank: u8,
    pub(crate) site: Option<&'static Site>,
    /// Milliseconds since 1970.
    pub(crate) time: f64,
    pub(crate) thread: u32,
    pub(crate) thread_name: &'a str,
}

impl Encoder {
    pub(crate) fn clear(&mut self) {
        self.words.clear();
        self.text.clear();
        self.names.clear();
        self.is_wide = false;
        self.fields = 0;
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len() * 4 + self.text.len()
    }

    /// Begins a record; the message comes next, then the fields, then the spans.
    pub(crate) fn begin(&mut self, head: &Head, cache: &mut Cache) {
        self.clear();
        let time = head.time.to_bits();
        let thread_name = if head.thread_name.is_empty() { None } else { cache.name(head.thread_name) };
        self.names.extend(thread_name);
        self.words.extend_from_slice(&[
            OP_RECORD | (u32::from(head.rank) << 8),
            head.site.map_or(0, |site| site.id),
            time as u32,
            (time >> 32) as u32,
            head.thread,
            thread_name.map_or(0, |name| name.id),
            // The context, which is known last.
            0,
            0,
            0,
            0,
        ]);
    }

    pub(crate) fn message(&mut self, message: fmt::Arguments) {
        let units = match message.as_str() {
            Some(text) => self.push_text(text),
            None => self.push_display(&message),
        };
        self.words[8] = units;
    }

    /// For loggers whose message is a field among others.
    pub(crate) fn set_message(&mut self, message: &Value) {
        let units = match message {
            Value::Str(text) => self.push_text(text),
            Value::Args(arguments) => match arguments.as_str() {
                Some(text) => self.push_text(text),
                None => self.push_display(arguments),
            },
            Value::Error(error) => self.push_display(error),
            Value::Wide(value) => self.push_display(value),
            Value::Bool(value) => self.push_display(value),
            Value::I64(value) => self.push_display(value),
            Value::U64(value) => self.push_display(value),
            Value::F64(value) => self.push_display(value),
            Value::Panic { message, .. } => self.push_text(message),
            Value::Null => 0,
        };
        self.words[8] = units;
    }

    pub(crate) fn field(&mut self, key: &str, value: Value, cache: &mut Cache) {
        if self.fields >= MOST_FIELDS || self.len() >= LONGEST_RECORD {
            return;
        }
        self.fields += 1;
        let at = self.words.len();
        self.words.push(0);
        let id = self.push_name(key, cache);
        let kind = match value {
            Value::Null => NULL,
            Value::Bool(value) => {
                if value {
                    TRUE
                } else {
                    FALSE
                }
            }
            Value::I64(value) => self.push_i64(value),
            Value::U64(value) => match i64::try_from(value) {
                Ok(value) => self.push_i64(value),
                Err(_) => self.push_big(&value),
            },
            Value::F64(value) => self.push_f64(value),
            Value::Str(text) => {
                let units = self.push_text(text);
                self.words.push(units);
                TEXT
            }
            Value::Args(arguments) => {
                let units = self.push_display(&arguments);
                self.words.push(units);
                TEXT
            }
            Value::Wide(value) => self.push_big(value),
            Value::Error(error) => self.push_error(error),
            Value::Panic { message, stack } => {
                let message = self.push_text(message);
                let stack = self.push_text(stack);
                self.words.extend_from_slice(&[message, stack]);
                PANIC
            }
        };
        self.words[at] = (id << 8) | kind;
    }

    /// Adds fields that were written apart, unless there are too many by that.
    pub(crate) fn append(&mut self, fields: &Encoder) {
        if self.fields + fields.fields > MOST_FIELDS || self.len() + fields.len() > LONGEST_RECORD {
            return;
        }
        self.fields += fields.fields;
        self.copy(fields);
    }

    fn copy(&mut self, fields: &Encoder) {
        self.words.extend_from_slice(&fields.words);
        self.text.extend_from_slice(&fields.text);
        self.names.extend_from_slice(&fields.names);
        self.is_wide |= fields.is_wide;
    }

    /// Names that aren't kept are written out in front of the value.
    fn push_name(&mut self, key: &str, cache: &mut Cache) -> u32 {
        match cache.name(key) {
            Some(name) => {
                self.names.push(name);
                name.id
            }
            None => {
                let units = self.push_text(key);
                self.words.push(units);
                0
            }
        }
    }

    fn push_i64(&mut self, value: i64) -> u32 {
        if let Ok(small) = i32::try_from(value) {
            self.words.push(small as u32);
            return INTEGER;
        }
        // What a double holds exactly.
        if value.unsigned_abs() <= 1 << 53 {
            return self.push_f64(value as f64);
        }
        self.push_big(&value)
    }

    fn push_f64(&mut self, value: f64) -> u32 {
        let bits = value.to_bits();
        self.words.extend_from_slice(&[bits as u32, (bits >> 32) as u32]);
        DOUBLE
    }

    fn push_big(&mut self, value: &dyn fmt::Display) -> u32 {
        let units = self.push_display(value);
        self.words.push(units);
        BIG
    }

    fn push_error(&mut self, error: &(dyn Error + 'static)) -> u32 {
        let at = self.words.len();
        self.words.push(0);
        let mut causes = 0;
        let mut next = Some(error);
        while let Some(error) = next.filter(|_| causes < MOST_CAUSES as u32) {
            let units = self.push_display(error);
            self.words.push(units);
            causes += 1;
            next = error.source();
        }
        self.words[at] = causes;
        ERROR
    }

    fn push_text(&mut self, text: &str) -> u32 {
        if text.len() > LONGEST_TEXT {
            return self.push_display(text);
        }
        self.text.extend_from_slice(text.as_bytes());
        self.units_of(text)
    }

    fn push_display<T: fmt::Display + ?Sized>(&mut self, value: &T) -> u32 {
        let start = self.text.len();
        let mut writer = Bounded { text: &mut self.text, room: LONGEST_TEXT, left_out: 0 };
        // What was written before a value's `Display` fails is kept.
        let _ = write!(writer, "{value}");
        let left_out = writer.left_out;
        if left_out > 0 {
            self.text.extend_from_slice(format!("… [{left_out} more bytes left out]").as_bytes());
        }
        let is_ascii = self.text[start..].is_ascii();
        self.is_wide |= !is_ascii;
        if is_ascii {
            return (self.text.len() - start) as u32;
        }
        utf16_units(&self.text[start..])
    }

    fn units_of(&mut self, text: &str) -> u32 {
        if text.is_ascii() {
            return text.len() as u32;
        }
        self.is_wide = true;
        utf16_units(text.as_bytes())
    }

    /// Adds a span with the fields that were written for it.
    pub(crate) fn span(&mut self, name: &str, span: &Encoder, cache: &mut Cache) {
        if self.len() + span.len() >= LONGEST_RECORD || self.spans() >= 64 {
            return;
        }
        let at = self.words.len();
        self.words.extend_from_slice(&[0, span.fields]);
        let id = self.push_name(name, cache);
        self.words[at] = id;
        self.copy(span);
        self.words[7] += 1;
    }

    fn spans(&self) -> u32 {
        self.words[7]
    }

    pub(crate) fn end(&mut self, context: u32) {
        self.words[6] = context;
        self.words[COUNTS] = self.fields;
    }

    /// Says what a name is.
    pub(crate) fn define_name(&mut self, name: &Name) {
        let units = self.push_text(&name.text);
        self.words.extend_from_slice(&[OP_NAME, name.id, units]);
    }

    /// Says what a place is.
    pub(crate) fn define_site(&mut self, id: u32, place: Place) {
        let target = self.push_text(place.target);
        let module = self.push_text(place.module);
        let file = self.push_text(place.file);
        self.words.extend_from_slice(&[
            OP_SITE | ((place.system as u32) << 8),
            id,
            target,
            module,
            file,
            place.line,
        ]);
    }
}

impl Site {
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            target: &self.target.name,
            module: &self.module,
            file: &self.file,
            line: self.line,
            system: self.system,
        }
    }
}

/// Counted by leading bytes: every character is one unit, those of four bytes are two.
fn utf16_units(text: &[u8]) -> u32 {
    text.iter().map(|&byte| u32::from(byte & 0xc0 != 0x80) + u32::from(byte >= 0xf0)).sum()
}

struct Bounded<'a> {
    text: &'a mut Vec<u8>,
    room: usize,
    left_out: usize,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(encoder: &Encoder) -> &str {
        std::str::from_utf8(&encoder.text).expect("text is UTF-8")
    }

    #[test]
    fn lengths_are_those_of_utf16() {
        for text in ["", "hello", "grün", "日本語", "🦀 and 🦀", "\u{10ffff}"] {
            let mut encoder = Encoder::default();
            let units = encoder.push_text(text);
            assert_eq!(units as usize, text.encode_utf16().count(), "{text}");
            assert_eq!(encoder.is_wide, !text.is_ascii(), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_at_a_character() {
        let mut encoder = Encoder::default();
        let units = encoder.push_text(&"ü".repeat(LONGEST_TEXT));
        let text = text_of(&encoder);
        assert!(text.ends_with(&format!("ü… [{LONGEST_TEXT} more bytes left out]")));
        assert_eq!(units as usize, text.encode_utf16().count());
    }

    #[test]
    fn numbers_keep_their_value() {
        let mut cache = Cache::new();
        let kinds = [
            (Value::I64(-1), INTEGER, 1),
            (Value::I64(1 << 40), DOUBLE, 2),
            (Value::I64(i64::MAX), BIG, 1),
            (Value::U64(u64::MAX), BIG, 1),
            (Value::U64(7), INTEGER, 1),
            (Value::F64(0.5), DOUBLE, 2),
            (Value::Bool(true), TRUE, 0),
            (Value::Null, NULL, 0),
        ];
        for (value, kind, words) in kinds {
            let mut encoder = Encoder::default();
            encoder.field("n", value, &mut cache);
            assert_eq!(encoder.words[0] & 0xff, kind);
            assert_eq!(encoder.words.len(), 1 + words);
        }
    }

    #[test]
    fn fields_beyond_the_bound_are_left_out() {
        let mut cache = Cache::new();
        let mut encoder = Encoder::default();
        for at in 0..2 * MOST_FIELDS {
            encoder.field("n", Value::U64(at.into()), &mut cache);
        }
        assert_eq!(encoder.fields, MOST_FIELDS);
        let mut big = Encoder::default();
        for _ in 0..100 {
            big.field("text", Value::Str(&"x".repeat(LONGEST_TEXT)), &mut cache);
        }
        assert!(big.len() < LONGEST_RECORD + LONGEST_TEXT + 64);
    }
}
