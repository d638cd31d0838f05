//! What the SDK calls. All of it is called by Node, on the thread of the `env` that it is given.

use std::ffi::CStr;
use std::ptr;

use super::node_api::{Callback, CallbackInfo, Env, Value, OK};
use super::reader::{lock, wish_early, Reader, Wishes};
use super::{host_here, Host};
use crate::channel::{Channel, BATCH};

/// By the names the SDK knows them by.
pub(super) const ALL: [(&CStr, Callback); 6] = [
    (c"connect", connect),
    (c"take", take),
    (c"wakeAgain", wake_again),
    (c"setFilter", set_filter),
    (c"sent", sent),
    (c"dropped", dropped),
];

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
    host.reader.set(Some(Reader::start(function, host.wishes.take(), main)));
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
            reader.wake();
        }
    }
    ptr::null_mut()
}

/// `setFilter(directives, areLinesWanted)`
unsafe extern "C" fn set_filter(env: Env, info: CallbackInfo) -> Value {
    let Some((host, [text, lines])) = arguments_of::<2>(env, info) else { return ptr::null_mut() };
    let mut length = 0;
    if (host.api.get_value_string_utf8)(env, text, ptr::null_mut(), 0, &mut length) != OK {
        return ptr::null_mut();
    }
    let mut bytes = vec![0u8; length + 1];
    (host.api.get_value_string_utf8)(env, text, bytes.as_mut_ptr().cast(), bytes.len(), &mut length);
    let filter = String::from_utf8_lossy(&bytes[..length]).into_owned();
    let mut are_lines_wanted = false;
    (host.api.get_value_bool)(env, lines, &mut are_lines_wanted);
    let wishes = Wishes { filter, are_lines_wanted };
    match host.reader.get() {
        Some(reader) => reader.wish(wishes),
        None => {
            wish_early(&wishes);
            host.wishes.set(Some(wishes));
        }
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
