//! Message and fields as they stand in a text line, written where they are made: a host that writes lines of text and nothing
//! else then has one piece to put behind the time, and looks at no field. Only what is the same in any case is written:
//! where a text has to be escaped, or a number has a form of its own, the host makes the line from the fields as ever.
//!
//! The host's rules are those of `packages/sdk/src/format/value-writer.ts`.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::names::Name;
use crate::value::Value;

/// What is compared with one another; records with more fields go the long way.
const MOST_FIELDS: usize = 16;
/// Bytes of a text, likewise.
const LONGEST_TEXT: usize = 999;

/// What a double holds exactly.
const LARGEST_INTEGER: u64 = 1 << 53;

static IS_WANTED: AtomicBool = AtomicBool::new(false);

/// Whether records tell what their line is, from now on.
pub(crate) fn set_wanted(is_wanted: bool) {
    IS_WANTED.store(is_wanted, Ordering::Relaxed);
}

/// What follows the message in the line of a record.
#[derive(Default)]
pub(crate) struct Line {
    text: Vec<u8>,
    names: Vec<u32>,
    is_whole: bool,
}

impl Line {
    pub(crate) fn begin(&mut self) {
        self.text.clear();
        self.names.clear();
        self.is_whole = IS_WANTED.load(Ordering::Relaxed);
    }

    /// False when the host makes the line.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// From here on, the host has to make the line itself.
    pub(crate) fn give_up(&mut self) {
        self.is_whole = false;
    }

    pub(crate) fn message(&mut self, text: &[u8]) {
        self.is_whole = self.is_whole && is_printable(text);
    }

    /// Adds a field whose value isn't a text.
    pub(crate) fn field(&mut self, name: Option<&Name>, value: &Value) {
        if !self.begin_field(name) {
            return;
        }
        match *value {
            Value::Bool(value) => self.text.extend_from_slice(if value { b"true" } else { b"false" }),
            Value::I64(value) if value.unsigned_abs() <= LARGEST_INTEGER => {
                if value < 0 {
                    self.text.push(b'-');
                }
                self.integer(value.unsigned_abs());
            }
            Value::U64(value) if value <= LARGEST_INTEGER => self.integer(value),
            // Beyond, JavaScript has an exponent; and it has no negative zero.
            Value::F64(value) if value.abs() >= 1e-6 && value.abs() < 1e21 => {
                // Writing to a vector can't fail.
                let _ = write!(self.text, "{value}");
            }
            _ => self.is_whole = false,
        }
    }

    /// By hand: the machinery of `write!` takes some 30 ns for it, which is most of what a field takes.
    fn integer(&mut self, mut value: u64) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (value % 10) as u8;
            value /= 10;
            if value == 0 {
                break;
            }
        }
        self.text.extend_from_slice(&digits[at..]);
    }

    /// Adds a field whose value is this text.
    pub(crate) fn text_field(&mut self, name: Option<&Name>, text: &[u8]) {
        if !self.begin_field(name) {
            return;
        }
        if text.len() > LONGEST_TEXT || !is_printable(text) || text.iter().any(|byte| b"\"\\".contains(byte))
        {
            self.is_whole = false;
            return;
        }
        let is_bare = !text.is_empty() && !text.iter().any(|byte| b" =".contains(byte));
        let quote: &[u8] = if is_bare { b"" } else { b"\"" };
        for part in [quote, text, quote] {
            self.text.extend_from_slice(part);
        }
    }

    fn begin_field(&mut self, name: Option<&Name>) -> bool {
        let name = name.filter(|name| name.is_plain && self.is_whole && self.names.len() < MOST_FIELDS);
        // Of two fields of one name the host has the later one only.
        let name = name.filter(|name| !self.names.contains(&name.id));
        self.is_whole = name.is_some();
        if let Some(name) = name {
            self.names.push(name.id);
            self.text.push(b' ');
            self.text.extend_from_slice(name.text.as_bytes());
            self.text.push(b'=');
        }
        self.is_whole
    }

    /// What follows the message, with the newline; nothing when the host has to make it.
    pub(crate) fn end(&mut self) -> &[u8] {
        if !self.is_whole {
            self.text.clear();
            return &[];
        }
        self.text.push(b'\n');
        &self.text
    }

    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }
}

/// Looks at all of it: so the compiler makes it look at many at once.
fn is_printable(text: &[u8]) -> bool {
    text.iter().fold(true, |is, byte| is & (0x20..0x7f).contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::is_plain_name;

    fn name(id: u32, text: &str) -> Name {
        Name { id, text: text.into(), is_plain: is_plain_name(text) }
    }

    fn line_of(fields: &[(&str, Value)]) -> String {
        let mut line = Line { is_whole: true, ..Line::default() };
        for (at, (key, value)) in fields.iter().enumerate() {
            let known = fields.iter().position(|(other, _)| other == key).unwrap_or(at);
            let name = name(known as u32 + 1, key);
            match value {
                Value::Str(text) => line.text_field(Some(&name), text.as_bytes()),
                value => line.field(Some(&name), value),
            }
        }
        String::from_utf8(line.end().to_vec()).expect("ASCII")
    }

    #[test]
    fn fields_stand_as_the_host_writes_them() {
        let whole = [
            (Value::Bool(true), " n=true\n"),
            (Value::I64(-7), " n=-7\n"),
            (Value::I64(1 << 53), " n=9007199254740992\n"),
            (Value::U64(0), " n=0\n"),
            (Value::F64(0.25), " n=0.25\n"),
            (Value::F64(-3.0), " n=-3\n"),
            (Value::F64(123456789012345680000.0), " n=123456789012345680000\n"),
            (Value::Str("ready"), " n=ready\n"),
            (Value::Str("two words"), " n=\"two words\"\n"),
            (Value::Str("a=b"), " n=\"a=b\"\n"),
            (Value::Str(""), " n=\"\"\n"),
        ];
        for (value, expected) in whole {
            assert_eq!(line_of(&[("n", value)]), expected);
        }
    }

    #[test]
    fn what_has_a_form_of_its_own_is_left_to_the_host() {
        let long = "x".repeat(1_000);
        let left = [
            ("n", Value::I64(i64::MAX)),
            ("n", Value::U64(u64::MAX)),
            ("n", Value::F64(0.0)),
            ("n", Value::F64(1e21)),
            ("n", Value::F64(1e-7)),
            ("n", Value::F64(f64::NAN)),
            ("n", Value::F64(f64::INFINITY)),
            ("n", Value::Null),
            ("n", Value::Str("say \"hello\"")),
            ("n", Value::Str("grün")),
            ("n", Value::Str("two\nlines")),
            ("n", Value::Str("back\\slash")),
            ("n", Value::Str(&long)),
            ("two words", Value::I64(1)),
            ("7", Value::I64(1)),
            ("__proto__", Value::I64(1)),
        ];
        for (key, value) in left {
            assert_eq!(line_of(&[(key, value)]), "");
        }
        assert_eq!(line_of(&[("a", Value::I64(1)), ("b", Value::I64(2))]), " a=1 b=2\n");
        assert_eq!(line_of(&[("a", Value::I64(1)), ("a", Value::I64(2))]), "");
    }
}
