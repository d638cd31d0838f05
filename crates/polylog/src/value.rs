//! The values of fields, of every type that loggers have.

use std::error::Error;
use std::fmt;

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

impl Value<'_> {
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Value::Str(_) | Value::Args(_))
    }
}
