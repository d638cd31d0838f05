//! Values, written.

use std::error::Error;
use std::fmt::{self, Write as _};

use super::Encoder;
use crate::text::{utf16_units, Bounded};
use crate::value::Value;

pub(super) const NULL: u32 = 0;
pub(super) const FALSE: u32 = 1;
pub(super) const TRUE: u32 = 2;
pub(super) const INTEGER: u32 = 3;
pub(super) const DOUBLE: u32 = 4;
pub(super) const TEXT: u32 = 5;
pub(super) const BIG: u32 = 6;
pub(super) const ERROR: u32 = 7;
/// A message and a stack: what a panic has.
pub(super) const PANIC: u32 = 8;

/// Bytes of a text; the rest is cut off, and it says so.
pub(super) const LONGEST_TEXT: usize = 64 * 1024;
/// Errors behind one another.
const MOST_CAUSES: usize = 10;

impl Encoder {
    pub(super) fn push_value(&mut self, value: Value) -> u32 {
        match value {
            Value::Null => NULL,
            Value::Bool(false) => FALSE,
            Value::Bool(true) => TRUE,
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

    pub(super) fn push_text(&mut self, text: &str) -> u32 {
        if text.len() > LONGEST_TEXT {
            return self.push_display(text);
        }
        let start = self.text.len();
        self.text.extend_from_slice(text.as_bytes());
        self.count_units(start)
    }

    pub(super) fn push_display<T: fmt::Display + ?Sized>(&mut self, value: &T) -> u32 {
        let start = self.text.len();
        let mut writer = Bounded { text: &mut self.text, room: LONGEST_TEXT, left_out: 0 };
        // What was written before a value's `Display` fails is kept.
        let _ = write!(writer, "{value}");
        let left_out = writer.left_out;
        if left_out > 0 {
            self.text.extend_from_slice(format!("… [{left_out} more bytes left out]").as_bytes());
        }
        self.count_units(start)
    }

    /// UTF-16 units of the text from there on.
    fn count_units(&mut self, start: usize) -> u32 {
        let text = &self.text[start..];
        let units = if text.is_ascii() {
            text.len() as u32
        } else {
            self.is_wide = true;
            utf16_units(text)
        };
        self.units += units;
        units
    }
}
