/// A severity, the least severe first; the numbers are those of the wire and of the C header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// Step by step.
    Trace = 0,
    /// For those who look for a fault.
    Debug = 1,
    /// What is done.
    Info = 2,
    /// What may become a fault.
    Warn = 3,
    /// What failed.
    Error = 4,
    /// Rust has no such level: panics are, and spdlog's `critical`.
    Fatal = 5,
}

/// The rank of a threshold that lets nothing through.
pub(crate) const OFF: u8 = 6;

impl From<log::Level> for Level {
    fn from(level: log::Level) -> Self {
        match level {
            log::Level::Error => Level::Error,
            log::Level::Warn => Level::Warn,
            log::Level::Info => Level::Info,
            log::Level::Debug => Level::Debug,
            log::Level::Trace => Level::Trace,
        }
    }
}

/// The rank of a threshold's name, as Polylog's filters write it.
pub(crate) fn rank_of(name: &str) -> Option<u8> {
    let rank = match name.trim().to_ascii_lowercase().as_str() {
        "trace" | "5" => 0,
        "debug" | "4" => 1,
        "info" | "3" => 2,
        "warn" | "warning" | "2" => 3,
        "error" | "err" | "1" => 4,
        "fatal" | "critical" | "crit" => 5,
        "off" | "none" | "silent" | "0" => OFF,
        _ => return None,
    };
    Some(rank)
}

/// What `log` is told to let through: `log::max_level` is what a disabled record costs.
pub(crate) fn log_filter_of(rank: u8) -> log::LevelFilter {
    match rank {
        0 => log::LevelFilter::Trace,
        1 => log::LevelFilter::Debug,
        2 => log::LevelFilter::Info,
        3 => log::LevelFilter::Warn,
        4 => log::LevelFilter::Error,
        _ => log::LevelFilter::Off,
    }
}
