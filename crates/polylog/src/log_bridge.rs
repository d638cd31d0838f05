//! The `log` crate's logger.

use log::kv::{self, VisitSource, VisitValue};
use log::{Log, Metadata, Record};

use crate::encoder::Encoder;
use crate::level::Level;
use crate::names::{Cache, Place, System};
use crate::sender;
use crate::value::Value;

/// Hands what is logged by `log` to the host. [`install`](crate::install) sets it; set it yourself only to combine it with
/// others.
#[derive(Clone, Copy, Debug, Default)]
pub struct Logger;

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata) -> bool {
        sender::is_enabled(metadata.target(), Level::from(metadata.level()) as u8)
    }

    fn log(&self, record: &Record) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let place = Place {
            target: record.target(),
            module: record.module_path().unwrap_or_default(),
            file: record.file().unwrap_or_default(),
            line: record.line().unwrap_or_default(),
            system: System::Rust,
        };
        sender::send(Level::from(record.level()) as u8, place, |encoder, cache| {
            encoder.message(*record.args(), cache);
            // Mostly there are none.
            let _ = record.key_values().visit(&mut Fields { encoder, cache });
        });
    }

    fn flush(&self) {}
}

struct Fields<'a> {
    encoder: &'a mut Encoder,
    cache: &'a mut Cache,
}

impl<'kvs> VisitSource<'kvs> for Fields<'_> {
    fn visit_pair(&mut self, key: kv::Key<'kvs>, value: kv::Value<'kvs>) -> Result<(), kv::Error> {
        let Fields { encoder, cache } = self;
        value.visit(Field { key: key.as_str(), encoder, cache })
    }
}

struct Field<'a> {
    key: &'a str,
    encoder: &'a mut Encoder,
    cache: &'a mut Cache,
}

impl Field<'_> {
    fn write(&mut self, value: Value) -> Result<(), kv::Error> {
        self.encoder.field(self.key, value, self.cache);
        Ok(())
    }
}

impl<'v> VisitValue<'v> for Field<'_> {
    fn visit_any(&mut self, value: kv::Value) -> Result<(), kv::Error> {
        self.write(Value::Args(format_args!("{value}")))
    }

    fn visit_null(&mut self) -> Result<(), kv::Error> {
        self.write(Value::Null)
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), kv::Error> {
        self.write(Value::U64(value))
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), kv::Error> {
        self.write(Value::I64(value))
    }

    fn visit_u128(&mut self, value: u128) -> Result<(), kv::Error> {
        self.write(Value::Wide(&value))
    }

    fn visit_i128(&mut self, value: i128) -> Result<(), kv::Error> {
        self.write(Value::Wide(&value))
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), kv::Error> {
        self.write(Value::F64(value))
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), kv::Error> {
        self.write(Value::Bool(value))
    }

    fn visit_str(&mut self, value: &str) -> Result<(), kv::Error> {
        self.write(Value::Str(value))
    }

    #[cfg(feature = "kv_std")]
    fn visit_error(&mut self, error: &(dyn std::error::Error + 'static)) -> Result<(), kv::Error> {
        self.write(Value::Error(error))
    }
}
