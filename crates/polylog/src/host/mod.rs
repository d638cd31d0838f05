//! The side of Node: an object that the SDK is given, by which it takes batches and sets levels.

mod functions;
mod node_api;
mod reader;

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;

use node_api::{node_api, Env, NodeApi, Ref, Value, AUTO_LENGTH, OK};
use reader::{Reader, Wishes};

use crate::batch;
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

/// A thread that runs JavaScript and has loaded the addon.
struct Host {
    env: Env,
    api: &'static NodeApi,
    /// Has the SDK take what is there, before it returns.
    drain: Cell<Ref>,
    /// Captures the context that is active, and answers its number.
    capture: Cell<Ref>,
    /// Where the SDK is given batches.
    batch: Cell<Ref>,
    /// What the SDK has said before it connects.
    wishes: Cell<Option<Wishes>>,
    /// Set when the SDK connects.
    reader: Cell<Option<&'static Reader>>,
}

thread_local! {
    static HOST: Cell<Option<&'static Host>> = const { Cell::new(None) };
}

fn host_here() -> Option<&'static Host> {
    HOST.try_with(Cell::get).ok().flatten()
}

/// True on a thread that runs JavaScript.
pub(crate) fn is_here() -> bool {
    host_here().is_some()
}

/// Makes the addon known to the SDK of this thread, in whichever order they are loaded.
///
/// # Safety
/// `env` and `exports` must be those that the addon's initialisation was given; `exports` may be null.
pub(crate) unsafe fn announce(env: Env, exports: Value) {
    let Some(api) = node_api() else { return };
    if is_here() {
        return;
    }
    let host: &'static Host = Box::leak(Box::new(Host {
        env,
        api,
        drain: Cell::new(ptr::null_mut()),
        capture: Cell::new(ptr::null_mut()),
        batch: Cell::new(ptr::null_mut()),
        wishes: Cell::new(None),
        reader: Cell::new(None),
    }));
    HOST.with(|here| here.set(Some(host)));
    (api.add_env_cleanup_hook)(env, end_host, ptr::from_ref(host).cast_mut().cast());
    let announced = host.addon().and_then(|addon| {
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

impl Host {
    /// What the SDK is given.
    fn addon(&self) -> Option<Value> {
        let mut addon = ptr::null_mut();
        // SAFETY: called on the thread of `env`, within a call of it; the same below.
        unsafe {
            if (self.api.create_object)(self.env, &mut addon) != OK {
                return None;
            }
            for (name, function) in functions::ALL {
                let mut value = ptr::null_mut();
                (self.api.create_function)(
                    self.env,
                    name.as_ptr(),
                    AUTO_LENGTH,
                    Some(function),
                    ptr::null_mut(),
                    &mut value,
                );
                (self.api.set_named_property)(self.env, addon, name.as_ptr(), value);
            }
            let numbers = [
                (c"version", f64::from(VERSION)),
                (c"spanVersion", f64::from(SPAN_VERSION)),
                (c"batchBytes", BATCH as f64),
            ];
            for (name, number) in numbers {
                (self.api.set_named_property)(self.env, addon, name.as_ptr(), self.number(number));
            }
        }
        Some(addon)
    }

    fn number(&self, number: f64) -> Value {
        let mut value = ptr::null_mut();
        // SAFETY: as above.
        unsafe { (self.api.create_double)(self.env, number, &mut value) };
        value
    }

    fn undefined(&self) -> Option<Value> {
        let mut value = ptr::null_mut();
        // SAFETY: as above.
        (unsafe { (self.api.get_undefined)(self.env, &mut value) } == OK).then_some(value)
    }

    fn string(&self, text: &str) -> Option<Value> {
        let mut value = ptr::null_mut();
        // SAFETY: as above; the length is that of the text.
        let status =
            unsafe { (self.api.create_string_utf8)(self.env, text.as_ptr().cast(), text.len(), &mut value) };
        (status == OK).then_some(value)
    }

    fn call(&self, function: Value, arguments: &[Value]) -> Option<Value> {
        let mut outcome = ptr::null_mut();
        let this = self.undefined()?;
        // SAFETY: as above; the count is that of the arguments.
        let status = unsafe {
            (self.api.call_function)(
                self.env,
                this,
                function,
                arguments.len(),
                arguments.as_ptr(),
                &mut outcome,
            )
        };
        (status == OK).then_some(outcome)
    }

    /// Logging must not be what an addon fails by.
    fn clear_exception(&self) {
        let (mut is_pending, mut exception) = (false, ptr::null_mut());
        // SAFETY: as above.
        unsafe {
            if (self.api.is_exception_pending)(self.env, &mut is_pending) == OK && is_pending {
                (self.api.get_and_clear_last_exception)(self.env, &mut exception);
            }
        }
    }

    /// Where the bytes of a typed array lie.
    unsafe fn bytes_of(&self, array: Value) -> Option<*mut [u8]> {
        let (mut data, mut length, none) = (ptr::null_mut(), 0, ptr::null_mut);
        let status = (self.api.get_typedarray_info)(
            self.env,
            array,
            ptr::null_mut(),
            &mut length,
            &mut data,
            none(),
            ptr::null_mut(),
        );
        (status == OK && !data.is_null()).then(|| ptr::slice_from_raw_parts_mut(data.cast::<u8>(), length))
    }

    /// How many records of the last batch the SDK has handed over, as far as can be told.
    unsafe fn handed_over(&self) -> Option<u32> {
        let (mut scope, mut array) = (ptr::null_mut(), ptr::null_mut());
        if self.batch.get().is_null() || (self.api.open_handle_scope)(self.env, &mut scope) != OK {
            return None;
        }
        (self.api.get_reference_value)(self.env, self.batch.get(), &mut array);
        let bytes = if array.is_null() { None } else { self.bytes_of(array) };
        let handed = bytes.and_then(|bytes| batch::handed_in(&*bytes));
        (self.api.close_handle_scope)(self.env, scope);
        handed
    }

    /// Calls one of the SDK's functions, unless there is an exception that somebody else has to see first.
    fn call_kept<T>(&self, reference: Ref, read: impl FnOnce(&Host, Value) -> Option<T>) -> Option<T> {
        let mut is_pending = true;
        let mut scope = ptr::null_mut();
        // SAFETY: as above; what is made in the scope doesn't leave it.
        unsafe {
            (self.api.is_exception_pending)(self.env, &mut is_pending);
            if is_pending || reference.is_null() || (self.api.open_handle_scope)(self.env, &mut scope) != OK {
                return None;
            }
            let mut function = ptr::null_mut();
            (self.api.get_reference_value)(self.env, reference, &mut function);
            let answer = if function.is_null() { None } else { self.call(function, &[]) };
            let outcome = answer.and_then(|answer| read(self, answer));
            self.clear_exception();
            (self.api.close_handle_scope)(self.env, scope);
            outcome
        }
    }
}

/// The thread ends, or the process.
unsafe extern "C" fn end_host(host: *mut c_void) {
    // SAFETY: it is the one that `announce` made, and never freed.
    let host: &'static Host = &*host.cast::<Host>();
    let _ = HOST.try_with(|here| here.set(None));
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
