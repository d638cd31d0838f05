//! A record as it is handed to the host: 32-bit words, and beside them all its text in one piece, so that the host makes
//! one string of a whole batch and cuts it up. Lengths are counted in UTF-16 units for that reason.
//!
//! The host's half is `packages/sdk/src/native/decoder.ts`; both change together, with [`VERSION`].

mod spans;
mod values;

use std::fmt;

use crate::line::Line;
use crate::names::{Cache, Name, Place, Site};
use crate::value::Value;
use values::TEXT;

/// Of the format. A host that knows another one takes nothing.
pub(crate) const VERSION: u32 = 3;
/// Of spans in it, which are handed over only to hosts that ask for them. A host that knows another one doesn't.
pub(crate) const SPAN_VERSION: u32 = 1;

pub(crate) const OP_RECORD: u32 = 1;
pub(crate) const OP_NAME: u32 = 2;
pub(crate) const OP_SITE: u32 = 3;
pub(crate) const OP_RELEASE: u32 = 4;
pub(crate) const OP_SPAN: u32 = 5;
/// Of the first word of a record: its last two words are the id of the span that it was made in.
pub(crate) const IN_SPAN: u32 = 1 << 16;

/// Bytes of a record. Fields beyond are left out.
const LONGEST_RECORD: usize = 256 * 1024;
const MOST_FIELDS: u32 = 512;
/// Words of a record before its fields, and the positions of those that are known later than the others.
pub(crate) const HEAD: usize = 13;
const CONTEXT: usize = 6;
const SPANS: usize = 7;
pub(crate) const MESSAGE: usize = 8;
const FIELDS: usize = 9;
/// All words and all text, to pass over a record by.
const WORDS: usize = 10;
const UNITS: usize = 11;
/// What of the text, behind the message, is the rest of its line.
const LINE: usize = 12;
/// In place of the length of a message: it is no text of its own, but the name of this number.
const NAMED: u32 = 1 << 31;

/// Fields, written. Those of a span are kept with it.
#[derive(Default)]
pub(crate) struct Encoder {
    pub(crate) words: Vec<u32>,
    pub(crate) text: Vec<u8>,
    pub(crate) is_wide: bool,
    /// Those that the host has to know.
    pub(crate) names: Vec<&'static Name>,
    pub(crate) fields: u32,
    /// UTF-16 units of the text.
    units: u32,
    /// Bytes of the message, with which the text of a record begins.
    message: usize,
    line: Line,
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
        self.units = 0;
        self.message = 0;
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len() * 4 + self.text.len() + self.line.len()
    }

    /// The text in the order it is read in: the message, the rest of its line, what the fields have.
    pub(crate) fn texts(&self) -> [&[u8]; 3] {
        let (message, fields) = self.text.split_at(self.message);
        [message, self.line.text(), fields]
    }

    /// Begins a record; the message comes next, then the fields, then the spans.
    pub(crate) fn begin(&mut self, head: &Head, cache: &mut Cache) {
        self.clear();
        self.line.begin();
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
        ]);
        // What is known later.
        self.words.resize(HEAD, 0);
    }

    /// The message, which is written once. One that is the same each time goes as a name.
    pub(crate) fn message(&mut self, message: fmt::Arguments, cache: &mut Cache) {
        // A line has it written out.
        if !self.line.is_whole() {
            if let Some(name) = message.as_str().and_then(|text| cache.name(text)) {
                self.names.push(name);
                self.words[MESSAGE] = NAMED | name.id;
                return;
            }
        }
        self.set_message(&Value::Args(message));
    }

    /// For loggers whose message is a field among others. They may have written fields before it.
    pub(crate) fn set_message(&mut self, message: &Value) {
        let start = self.text.len();
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
        self.line.message(&self.text[start..]);
        // The host reads the message first.
        let length = self.text.len() - start;
        if start > 0 {
            self.text.rotate_right(length);
        }
        self.message += length;
        self.words[MESSAGE] += units;
    }

    pub(crate) fn field(&mut self, key: &str, value: Value, cache: &mut Cache) {
        if self.fields >= MOST_FIELDS || self.len() >= LONGEST_RECORD {
            return;
        }
        self.fields += 1;
        let at = self.words.len();
        self.words.push(0);
        let name = self.push_name(key, cache);
        let start = self.text.len();
        if !value.is_text() {
            self.line.field(name, &value);
        }
        let kind = self.push_value(value);
        if kind == TEXT {
            self.line.text_field(name, &self.text[start..]);
        }
        self.words[at] = (id_of(name) << 8) | kind;
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
        self.units += fields.units;
    }

    /// Names that aren't kept are written out in front of the value.
    fn push_name(&mut self, key: &str, cache: &mut Cache) -> Option<&'static Name> {
        let name = cache.name(key);
        match name {
            Some(name) => self.names.push(name),
            None => {
                let units = self.push_text(key);
                self.words.push(units);
            }
        }
        name
    }

    /// Adds a span with the fields that were written for it.
    pub(crate) fn span(&mut self, name: &str, span: &Encoder, cache: &mut Cache) {
        if self.len() + span.len() >= LONGEST_RECORD || self.spans() >= 64 {
            return;
        }
        self.line.give_up();
        let at = self.words.len();
        self.words.extend_from_slice(&[0, span.fields]);
        self.words[at] = id_of(self.push_name(name, cache));
        self.copy(span);
        self.words[SPANS] += 1;
    }

    fn spans(&self) -> u32 {
        self.words[SPANS]
    }

    /// @param span 0 outside of spans that are handed over
    pub(crate) fn end(&mut self, context: u32, span: u64) {
        let line = self.line.end().len() as u32;
        self.words[CONTEXT] = context;
        if span != 0 {
            self.words[0] |= IN_SPAN;
            self.words.extend_from_slice(&halves_of(span));
        }
        self.words[FIELDS] = self.fields;
        self.words[WORDS] = self.words.len() as u32;
        self.words[UNITS] = self.units + line;
        self.words[LINE] = line;
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

/// The upper half first, as ids are written.
fn halves_of(id: u64) -> [u32; 2] {
    [(id >> 32) as u32, id as u32]
}

fn id_of(name: Option<&Name>) -> u32 {
    name.map_or(0, |name| name.id)
}

#[cfg(test)]
mod tests;
