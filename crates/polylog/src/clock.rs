//! The time of records and spans.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What the clock shows, since 1970.
pub(crate) fn since_epoch() -> Duration {
    #[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
    return SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
}
