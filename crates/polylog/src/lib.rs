#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
// What serves `tracing` alone.
#![cfg_attr(not(feature = "tracing"), allow(dead_code))]

mod batch;
mod c;
mod channel;
mod clock;
mod context;
mod control;
mod encoder;
mod entered;
mod filter;
mod held;
mod host;
mod known;
#[cfg(feature = "tracing")]
mod layer;
mod level;
mod line;
mod log_bridge;
mod names;
mod open_span;
mod panics;
mod queue;
mod sender;
mod settle;
mod text;
mod value;

use std::ffi::c_void;
use std::sync::Once;

pub use context::{Context, EnteredContext, InContext};
#[cfg(feature = "tracing")]
pub use layer::layer;
pub use level::Level;
pub use log_bridge::Logger;

/// Has this addon's records go to Polylog: takes over `log`, `tracing` and panics, and makes the addon known to the SDK of
/// the thread that loads it. Call it where the addon is initialised, in each thread that does; addons of napi-rs write
/// [`napi!`] in its place.
///
/// A logger or subscriber that is set already stays; combine it with [`Logger`] or [`layer`].
///
/// # Safety
/// `env` and `exports` must be what Node gave to the initialisation that is going on; `exports` may be null.
///
/// ```no_run
/// # use std::ffi::c_void;
/// #[no_mangle]
/// pub unsafe extern "C" fn napi_register_module_v1(env: *mut c_void, exports: *mut c_void) -> *mut c_void {
///     polylog::install(env, exports);
///     exports
/// }
/// ```
pub unsafe fn install<E, V>(env: *mut E, exports: *mut V) {
    init();
    host::announce(env.cast::<c_void>(), exports.cast::<c_void>());
}

/// The part of [`install`] that has nothing to do with Node: records wait for it, as many as there is room for.
pub fn init() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        control::set_filter_of_environment();
        // Whoever came first has a reason to.
        let _ = log::set_boxed_logger(Box::new(Logger));
        #[cfg(feature = "tracing")]
        {
            use tracing_subscriber::layer::SubscriberExt;
            let subscriber = tracing_subscriber::registry().with(layer());
            let _ = tracing_core::dispatcher::set_global_default(subscriber.into());
        }
        panics::install();
        control::set_filter_of_environment();
    });
}

/// The one line that an addon of napi-rs 3 needs, at the top of its `lib.rs`.
///
/// ```ignore
/// polylog::napi!();
/// ```
#[macro_export]
macro_rules! napi {
    () => {
        #[::napi_derive::napi(module_exports)]
        pub fn install_polylog(
            exports: ::napi::bindgen_prelude::Object,
            env: ::napi::Env,
        ) -> ::napi::Result<()> {
            let exports = ::napi::JsValue::raw(&exports);
            // SAFETY: both are those of the initialisation that is going on.
            unsafe { $crate::install(env.raw(), exports) };
            Ok(())
        }
    };
}
