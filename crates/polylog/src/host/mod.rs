//! The side of Node: an object that the SDK is given, by which it takes batches and sets levels.

mod node_api;

use std::cell::Cell;
use std::ffi::{c_void, CStr};
use std::ptr;
use std::sync::{Arc, Mutex, OnceLock};

use node_api::{
    node_api, Callback, CallbackInfo, Env, NodeApi, Ref, ThreadsafeFunction, Value, AUTO_LENGTH, NONBLOCKING,
    OK, RELEASE,
};

use crate::channel::{Channel, Wake, BATCH};
use crate::control;
use crate::encoder::VERSION;
use crate::sender::{self, PRIMARY};

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
    /// The levels that the SDK has said before it connects.
    filter: Cell<Option<String>>,
    /// Set when the SDK connects.
    reader: Cell<Option<&'static Reader>>,
}

/// The SDK of one such thread. They are few and small, and never freed: native threads may have one in hand.
struct Reader {
    /// `None` when the thread ends.
    function: Mutex<Option<Function>>,
    channels: Mutex<Vec<&'static Channel>>,
    /// The levels that its thread wants. They hold while it reads [`PRIMARY`].
    filter: Mutex<Option<String>>,
    is_main: bool,
}

struct Function(ThreadsafeFunction);
// SAFETY: a thread-safe function is made for being called from any thread.
unsafe impl Send for Function {}

struct Waker(&'static Reader);

impl Wake for Waker {
    fn wake(&self) {
        let mut function = lock(&self.0.function);
        let (Some(api), Some(Function(pointer))) = (node_api(), function.as_ref()) else { return };
        // SAFETY: it is there until it is taken out under the lock, or says that it is closing.
        let status = unsafe { (api.call_threadsafe_function)(*pointer, ptr::null_mut(), NONBLOCKING) };
        if status != OK {
            *function = None;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Those that have connected and live. Also the lock for who reads [`PRIMARY`].
fn readers() -> &'static Mutex<Vec<&'static Reader>> {
    static READERS: OnceLock<Mutex<Vec<&'static Reader>>> = OnceLock::new();
    READERS.get_or_init(Mutex::default)
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
        filter: Cell::new(None),
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
        let functions: [(&CStr, Callback); 6] = [
            (c"connect", connect),
            (c"take", take),
            (c"wakeAgain", wake_again),
            (c"setFilter", set_filter),
            (c"sent", sent),
            (c"dropped", dropped),
        ];
        let mut addon = ptr::null_mut();
        // SAFETY: called on the thread of `env`, within a call of it; the same below.
        unsafe {
            if (self.api.create_object)(self.env, &mut addon) != OK {
                return None;
            }
            for (name, function) in functions {
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
            for (name, number) in [(c"version", f64::from(VERSION)), (c"batchBytes", BATCH as f64)] {
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

    /// The SDK is there, and reads from now on.
    fn connect(&self, function: ThreadsafeFunction, is_main: bool) {
        let reader: &'static Reader = Box::leak(Box::new(Reader {
            function: Mutex::new(Some(Function(function))),
            channels: Mutex::new(Vec::new()),
            filter: Mutex::new(self.filter.take()),
            is_main,
        }));
        let mut readers = lock(readers());
        let has_main = readers.iter().any(|other| other.is_main);
        if !PRIMARY.has_reader() || (is_main && !has_main) {
            for other in readers.iter() {
                lock(&other.channels).retain(|channel| !ptr::eq(*channel, &PRIMARY));
            }
            reader.adopt(&PRIMARY);
        } else {
            let own: &'static Channel = Box::leak(Box::new(Channel::new()));
            reader.adopt(own);
            sender::set_own_channel(Some(own));
        }
        readers.push(reader);
        self.reader.set(Some(reader));
    }
}

impl Reader {
    fn reads_primary(&self) -> bool {
        lock(&self.channels).iter().any(|channel| ptr::eq(*channel, &PRIMARY))
    }

    fn adopt(&'static self, channel: &'static Channel) {
        lock(&self.channels).push(channel);
        if ptr::eq(channel, &PRIMARY) {
            if let Some(filter) = &*lock(&self.filter) {
                control::set_filter(filter);
            }
        }
        channel.attach(Arc::new(Waker(self)));
    }

    fn end(&'static self) {
        if let (Some(api), Some(Function(pointer))) = (node_api(), lock(&self.function).take()) {
            // SAFETY: nobody has it any more.
            unsafe { (api.release_threadsafe_function)(pointer, RELEASE) };
        }
        let mut readers = lock(readers());
        readers.retain(|other| !ptr::eq(*other, self));
        for channel in lock(&self.channels).drain(..) {
            if !ptr::eq(channel, &PRIMARY) {
                PRIMARY.add_counts(channel.close());
                continue;
            }
            channel.detach();
            if let Some(next) = readers.first() {
                next.adopt(channel);
            }
        }
    }
}

/// The thread ends, or the process.
unsafe extern "C" fn end_host(host: *mut c_void) {
    // SAFETY: it is the one that `announce` made, and never freed.
    let host: &'static Host = &*host.cast::<Host>();
    let _ = HOST.try_with(|here| here.set(None));
    sender::set_own_channel(None);
    for reference in [host.drain.replace(ptr::null_mut()), host.capture.replace(ptr::null_mut())] {
        if !reference.is_null() {
            (host.api.delete_reference)(host.env, reference);
        }
    }
    if let Some(reader) = host.reader.take() {
        reader.end();
    }
}

/// On a thread that runs JavaScript: has the SDK take what is there, now.
pub(crate) fn drain_here() {
    if let Some(host) = host_here() {
        host.call_kept(host.drain.get(), |_, _| Some(()));
    }
}

/// The number of the context that is active in JavaScript.
pub(crate) fn capture_context() -> Option<u32> {
    let host = host_here()?;
    host.call_kept(host.capture.get(), |host, answer| {
        let mut number = 0.0;
        // SAFETY: on the thread of `env`, within the scope that is open.
        let status = unsafe { (host.api.get_value_double)(host.env, answer, &mut number) };
        (status == OK && number >= 1.0).then_some(number as u32)
    })
}

/// The host of a call, and its arguments; those that are missing are undefined.
unsafe fn arguments_of<const COUNT: usize>(
    env: Env,
    info: CallbackInfo,
) -> Option<(&'static Host, [Value; COUNT])> {
    let host = host_here().filter(|host| host.env == env)?;
    let mut arguments = [ptr::null_mut(); COUNT];
    let mut count = COUNT;
    let status = (host.api.get_cb_info)(
        env,
        info,
        &mut count,
        arguments.as_mut_ptr(),
        ptr::null_mut(),
        ptr::null_mut(),
    );
    (status == OK).then_some((host, arguments))
}

/// `connect(wake, drain, capture, isMain)`
unsafe extern "C" fn connect(env: Env, info: CallbackInfo) -> Value {
    let Some((host, [wake, drain, capture, is_main])) = arguments_of::<4>(env, info) else {
        return ptr::null_mut();
    };
    if host.reader.get().is_some() {
        return ptr::null_mut();
    }
    let (mut function, mut main) = (ptr::null_mut(), false);
    let Some(name) = host.string("polylog") else { return ptr::null_mut() };
    let none = ptr::null_mut();
    let status = (host.api.create_threadsafe_function)(
        env,
        wake,
        none,
        name,
        0,
        1,
        none,
        none,
        none,
        none,
        &mut function,
    );
    if status != OK {
        return ptr::null_mut();
    }
    // Records that may come are no reason for a process to go on.
    (host.api.unref_threadsafe_function)(env, function);
    let mut reference = ptr::null_mut();
    if (host.api.create_reference)(env, drain, 1, &mut reference) == OK {
        host.drain.set(reference);
    }
    if (host.api.create_reference)(env, capture, 1, &mut reference) == OK {
        host.capture.set(reference);
    }
    (host.api.get_value_bool)(env, is_main, &mut main);
    host.connect(function, main);
    ptr::null_mut()
}

/// `take(buffer)`: the bytes of a batch.
unsafe extern "C" fn take(env: Env, info: CallbackInfo) -> Value {
    let Some((host, [array])) = arguments_of::<1>(env, info) else { return ptr::null_mut() };
    let (mut data, mut length) = (ptr::null_mut(), 0);
    let none = ptr::null_mut;
    let status = (host.api.get_typedarray_info)(
        env,
        array,
        ptr::null_mut(),
        &mut length,
        &mut data,
        none(),
        ptr::null_mut(),
    );
    let mut taken = 0;
    if let Some(reader) = host.reader.get().filter(|_| status == OK && length >= BATCH) {
        // SAFETY: Node says where the array lies and how long it is; nobody else writes to it during the call.
        let out = std::slice::from_raw_parts_mut(data.cast::<u8>(), length);
        // Locked all the while: what another reader has begun to take must not come here.
        for channel in lock(&reader.channels).iter() {
            taken = channel.take(out);
            if taken > 0 {
                break;
            }
        }
    }
    host.number(taken as f64)
}

/// `wakeAgain()`
unsafe extern "C" fn wake_again(env: Env, info: CallbackInfo) -> Value {
    if let Some((host, [])) = arguments_of::<0>(env, info) {
        if let Some(reader) = host.reader.get() {
            Waker(reader).wake();
        }
    }
    ptr::null_mut()
}

/// `setFilter(directives)`
unsafe extern "C" fn set_filter(env: Env, info: CallbackInfo) -> Value {
    let Some((host, [text])) = arguments_of::<1>(env, info) else { return ptr::null_mut() };
    let mut length = 0;
    if (host.api.get_value_string_utf8)(env, text, ptr::null_mut(), 0, &mut length) != OK {
        return ptr::null_mut();
    }
    let mut bytes = vec![0u8; length + 1];
    (host.api.get_value_string_utf8)(env, text, bytes.as_mut_ptr().cast(), bytes.len(), &mut length);
    let filter = String::from_utf8_lossy(&bytes[..length]).into_owned();
    // The levels are those of the process: of several threads the one that reads for native threads says them.
    let is_heard = host.reader.get().map_or_else(|| !PRIMARY.has_reader(), Reader::reads_primary);
    if is_heard {
        control::set_filter(&filter);
    }
    match host.reader.get() {
        Some(reader) => *lock(&reader.filter) = Some(filter),
        None => host.filter.set(Some(filter)),
    }
    ptr::null_mut()
}

/// `sent()`: records of this thread's channels since the start.
unsafe extern "C" fn sent(env: Env, info: CallbackInfo) -> Value {
    count(env, info, |channel| channel.counts().sent)
}

/// `dropped()`: those of them that were lost.
unsafe extern "C" fn dropped(env: Env, info: CallbackInfo) -> Value {
    count(env, info, |channel| channel.counts().dropped)
}

unsafe fn count(env: Env, info: CallbackInfo, read: fn(&Channel) -> u64) -> Value {
    let Some((host, [])) = arguments_of::<0>(env, info) else { return ptr::null_mut() };
    let sum: u64 = host
        .reader
        .get()
        .map_or(0, |reader| lock(&reader.channels).iter().map(|channel| read(channel)).sum());
    host.number(sum as f64)
}
