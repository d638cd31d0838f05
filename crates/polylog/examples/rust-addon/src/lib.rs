//! A Rust core as there are many: it logs by `log` and `tracing`, and knows nothing of who listens.

use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Error, Result, Task};
use napi_derive::napi;
use polylog::Context;
use tracing::{debug, info, info_span, warn};

// All that an addon has to do.
polylog::napi!();

/// Price of an order, in cents; computed on another thread.
#[napi]
pub fn price(order: u32) -> AsyncTask<Pricing> {
    // What the caller logs within goes with the work.
    AsyncTask::new(Pricing { order, context: Context::current() })
}

pub struct Pricing {
    order: u32,
    context: Context,
}

impl Task for Pricing {
    type Output = u32;
    type JsValue = u32;

    fn compute(&mut self) -> Result<u32> {
        let _context = self.context.enter();
        let _span = info_span!("price", order = self.order).entered();
        debug!(cache = "cold", "looking for a price");
        if self.order == 0 {
            warn!("there is no order 0");
            return Err(Error::from_reason("there is no order 0"));
        }
        let cents = self.order * 250;
        info!(cents, "priced");
        Ok(cents)
    }

    fn resolve(&mut self, _: Env, cents: u32) -> Result<u32> {
        Ok(cents)
    }
}

/// Connects to a node of a cluster.
#[napi]
pub fn connect(host: String) {
    log::info!(target: "my_core::cluster", host = host.as_str(), port = 3000; "connecting to seed {host}");
    log::debug!(target: "my_core::batch", took_ms = 1.2; "put completed");
}

/// Panics, on a thread of its own.
#[napi]
pub fn crash() {
    std::thread::spawn(|| {
        let nodes: Vec<u32> = Vec::new();
        info!("first of {} nodes", nodes.len());
        nodes[0]
    });
}
