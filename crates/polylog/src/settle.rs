//! Waiting for a record that may be the last.

use std::time::Duration;

use crate::host;
use crate::sender::Receipt;

/// How long a thread whose record may be the last waits until it is out.
const PATIENCE: Duration = Duration::from_millis(250);

/// Waits until a record is delivered, or it isn't to be expected any more; true when it is.
pub(crate) fn settle(receipt: Receipt) -> bool {
    let Some((channel, number)) = receipt else { return false };
    // A thread that runs JavaScript can't wait for it, but has it take what there is.
    host::drain_here();
    channel.wait_for(number, if host::is_here() { Duration::ZERO } else { PATIENCE })
}
