//! The functions of Node-API that are used here, found when they are needed: a test or a program without Node links and runs
//! as well. <https://nodejs.org/api/n-api.html>

use std::ffi::{c_char, c_void, CStr};
use std::ptr;
use std::sync::OnceLock;

pub(crate) type Env = *mut c_void;
pub(crate) type Value = *mut c_void;
pub(crate) type Ref = *mut c_void;
pub(crate) type CallbackInfo = *mut c_void;
pub(crate) type Scope = *mut c_void;
pub(crate) type ThreadsafeFunction = *mut c_void;
pub(crate) type Callback = unsafe extern "C" fn(Env, CallbackInfo) -> Value;
type Status = i32;

pub(crate) const OK: Status = 0;
/// `napi_auto_length`
pub(crate) const AUTO_LENGTH: usize = usize::MAX;
/// `napi_tsfn_nonblocking`, `napi_tsfn_release`
pub(crate) const NONBLOCKING: i32 = 0;
pub(crate) const RELEASE: i32 = 0;

macro_rules! node_api {
    ($($name:ident($($argument:ty),*);)*) => {
        /// One entry a function.
        pub(crate) struct NodeApi {
            $(pub(crate) $name: unsafe extern "C" fn($($argument),*) -> Status,)*
        }

        impl NodeApi {
            fn find() -> Option<NodeApi> {
                $(
                    let symbol = concat!("napi_", stringify!($name), "\0");
                    let address = find_symbol(CStr::from_bytes_with_nul(symbol.as_bytes()).ok()?);
                    if address.is_null() {
                        return None;
                    }
                    // SAFETY: the symbol of this name has this type; Node-API never changes one.
                    let $name = unsafe {
                        std::mem::transmute::<*mut c_void, unsafe extern "C" fn($($argument),*) -> Status>(address)
                    };
                )*
                Some(NodeApi { $($name,)* })
            }
        }
    };
}

node_api! {
    add_env_cleanup_hook(Env, unsafe extern "C" fn(*mut c_void), *mut c_void);
    call_function(Env, Value, Value, usize, *const Value, *mut Value);
    call_threadsafe_function(ThreadsafeFunction, *mut c_void, i32);
    close_handle_scope(Env, Scope);
    create_double(Env, f64, *mut Value);
    create_function(Env, *const c_char, usize, Option<Callback>, *mut c_void, *mut Value);
    create_object(Env, *mut Value);
    create_reference(Env, Value, u32, *mut Ref);
    create_string_utf8(Env, *const c_char, usize, *mut Value);
    create_threadsafe_function(Env, Value, Value, Value, usize, usize, *mut c_void, *mut c_void, *mut c_void, *mut c_void, *mut ThreadsafeFunction);
    delete_reference(Env, Ref);
    get_and_clear_last_exception(Env, *mut Value);
    get_cb_info(Env, CallbackInfo, *mut usize, *mut Value, *mut Value, *mut *mut c_void);
    get_reference_value(Env, Ref, *mut Value);
    get_typedarray_info(Env, Value, *mut i32, *mut usize, *mut *mut c_void, *mut Value, *mut usize);
    get_undefined(Env, *mut Value);
    get_value_bool(Env, Value, *mut bool);
    get_value_double(Env, Value, *mut f64);
    get_value_string_utf8(Env, Value, *mut c_char, usize, *mut usize);
    is_exception_pending(Env, *mut bool);
    open_handle_scope(Env, *mut Scope);
    release_threadsafe_function(ThreadsafeFunction, i32);
    run_script(Env, Value, *mut Value);
    set_named_property(Env, Value, *const c_char, Value);
    unref_threadsafe_function(Env, ThreadsafeFunction);
}

/// `None` in a process that isn't Node.
pub(crate) fn node_api() -> Option<&'static NodeApi> {
    static API: OnceLock<Option<NodeApi>> = OnceLock::new();
    API.get_or_init(NodeApi::find).as_ref()
}

#[cfg(unix)]
fn find_symbol(name: &CStr) -> *mut c_void {
    extern "C" {
        fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    }
    // `RTLD_DEFAULT`
    let everywhere = if cfg!(any(target_os = "macos", target_os = "ios")) {
        -2isize as *mut c_void
    } else {
        ptr::null_mut()
    };
    // SAFETY: the name ends with a zero byte.
    unsafe { dlsym(everywhere, name.as_ptr()) }
}

#[cfg(windows)]
fn find_symbol(name: &CStr) -> *mut c_void {
    extern "system" {
        fn GetModuleHandleW(name: *const u16) -> *mut c_void;
        fn GetProcAddress(module: *mut c_void, name: *const c_char) -> *mut c_void;
    }
    // SAFETY: no name stands for the program itself, which exports Node-API; the name ends with a zero byte.
    unsafe { GetProcAddress(GetModuleHandleW(ptr::null()), name.as_ptr()) }
}

#[cfg(not(any(unix, windows)))]
fn find_symbol(_: &CStr) -> *mut c_void {
    ptr::null_mut()
}
