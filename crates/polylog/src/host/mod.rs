//! The side of Node: an object that the SDK is given, by which it takes batches and sets levels.

mod functions;
mod here;
mod node_api;
mod reader;

use std::ffi::c_void;
use std::ptr;

pub(crate) use here::is_here;
use here::{host_here, Host};
use node_api::{node_api, Env, Value, AUTO_LENGTH, OK};

use crate::channel::BATCH;
use crate::encoder::{SPAN_VERSION, VERSION};
use crate::sender;

/// Hands the object over to the SDK where that is loaded, and leaves it there for it where it isn't yet.
const ANNOUNCE: &str = r#"(exports, addon) => {
  if (exports) Object.defineProperty(exports, Symbol.for("polylog.v1.addon"), { value: addon });
  const place = Symbol.for("polylog.v1.native");
  const hub = (globalThis[place] ??= { waiting: [] });
  if (hub.connect) hub.connect(addon);
  else hub.waiting.push(addon);
}"#;

/// Makes the addon known to the SDK of this thread, in whichever order they are loaded.
///
/// # Safety
/// `env` and `exports` must be those that the addon's initialisation was given; `exports` may be null.
pub(crate) unsafe fn announce(env: Env, exports: Value) {
    let Some(api) = node_api() else { return };
    if host_here().is_some() {
        return;
    }
    let host = Host::of_this_thread(env, api);
    (api.add_env_cleanup_hook)(env, end_host, ptr::from_ref(host).cast_mut().cast());
    let announced = addon_for(host).and_then(|addon| {
        let source = host.string(ANNOUNCE)?;
        let mut announce = ptr::null_mut();
        if (api.run_script)(env, source, &mut announce) != OK {
            return None;
        }
        let exports = if exports.is_null() { host.undefined()? } else { exports };
        host.call(announce, &[exports, addon])
    });
    if announced.is_none() {
        host.clear_exception();
    }
}

/// What the SDK is given.
fn addon_for(host: &Host) -> Option<Value> {
    let mut addon = ptr::null_mut();
    // SAFETY: called on the thread of `env`, within a call of it; the same below.
    unsafe {
        if (host.api.create_object)(host.env, &mut addon) != OK {
            return None;
        }
        for (name, function) in functions::ALL {
            let mut value = ptr::null_mut();
            (host.api.create_function)(
                host.env,
                name.as_ptr(),
                AUTO_LENGTH,
                Some(function),
                ptr::null_mut(),
                &mut value,
            );
            (host.api.set_named_property)(host.env, addon, name.as_ptr(), value);
        }
        let numbers = [
            (c"version", f64::from(VERSION)),
            (c"spanVersion", f64::from(SPAN_VERSION)),
            (c"batchBytes", BATCH as f64),
        ];
        for (name, number) in numbers {
            (host.api.set_named_property)(host.env, addon, name.as_ptr(), host.number(number));
        }
    }
    Some(addon)
}

/// The thread ends, or the process.
unsafe extern "C" fn end_host(host: *mut c_void) {
    // SAFETY: it is the one that `announce` made, and never freed.
    let host: &'static Host = &*host.cast::<Host>();
    host.forget();
    sender::set_own_channel(None);
    if let Some(reader) = host.reader.take() {
        // Node may end a thread at any place in its code.
        reader.end(host.handed_over());
    }
    for kept in [&host.drain, &host.capture, &host.batch] {
        let reference = kept.replace(ptr::null_mut());
        if !reference.is_null() {
            (host.api.delete_reference)(host.env, reference);
        }
    }
}

/// On a thread that runs JavaScript: has the SDK take what is there, now.
pub(crate) fn drain_here() {
    if let Some(host) = host_here() {
        host.call_kept(host.drain.get(), |_, _| Some(()));
    }
}

/// The context that is active in JavaScript.
pub(crate) struct Captured {
    pub(crate) id: u32,
    pub(crate) span_tag: u32,
}

/// Asks for the context that is active in JavaScript.
pub(crate) fn capture_context() -> Option<Captured> {
    let host = host_here()?;
    host.call_kept(host.capture.get(), |host, answer| {
        let mut number = 0.0;
        // SAFETY: on the thread of `env`, within the scope that is open.
        let status = unsafe { (host.api.get_value_double)(host.env, answer, &mut number) };
        // Its number, and above that the tag of its span, which only hosts write that ask for spans.
        let number = number as u64;
        let captured = Captured { id: number as u32, span_tag: (number >> 32) as u32 };
        (status == OK && captured.id > 0).then_some(captured)
    })
}
