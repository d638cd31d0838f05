//! What the SDK calls. All of it is called by Node, on the thread of the `env` that it is given.

use std::ffi::CStr;
use std::ptr;

use super::here::{host_here, Host};
use super::node_api::{Callback, CallbackInfo, Env, Value, OK};
use super::reader::{wish_early, Reader, Wishes};
use crate::channel::{Channel, Taken, BATCH};

/// By the names the SDK knows them by.
pub(super) const ALL: [(&CStr, Callback); 8] = [
    (c"connect", connect),
    (c"take", take),
    (c"wakeAgain", wake_again),
    (c"rest", rest),
    (c"setFilter", set_filter),
    (c"sent", sent),
    (c"dropped", dropped),
    (c"droppedSpans", dropped_spans),
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

/// `connect(wake, drain, capture, isMain, batch)`
unsafe extern "C" fn connect(env: Env, info: CallbackInfo) -> Value {
    let Some((host, [wake, drain, capture, is_main, batch])) = arguments_of::<5>(env, info) else {
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
    for (value, kept) in [(drain, &host.drain), (capture, &host.capture), (batch, &host.batch)] {
        let mut reference = ptr::null_mut();
        if (host.api.create_reference)(env, value, 1, &mut reference) == OK {
            kept.set(reference);
        }
    }
    (host.api.get_value_bool)(env, is_main, &mut main);
    host.reader.set(Some(Reader::start(function, host.wishes.take(), main)));
    ptr::null_mut()
}

/// `take(buffer)`: the bytes of a batch.
unsafe extern "C" fn take(env: Env, info: CallbackInfo) -> Value {
    let Some((host, [array])) = arguments_of::<1>(env, info) else { return ptr::null_mut() };
    // Nobody else writes to it during the call.
    let out = host.bytes_of(array).map(|out| &mut *out).filter(|out| out.len() >= BATCH);
    let taken = match (host.reader.get(), out) {
        (Some(reader), Some(out)) => reader.take(out),
        _ => Taken::default(),
    };
    host.number(taken.bytes as f64)
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

/// `rest()`
unsafe extern "C" fn rest(env: Env, info: CallbackInfo) -> Value {
    if let Some((host, [])) = arguments_of::<0>(env, info) {
        if let Some(reader) = host.reader.get() {
            reader.rest();
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

/// `droppedSpans()`: spans that were lost.
unsafe extern "C" fn dropped_spans(env: Env, info: CallbackInfo) -> Value {
    count(env, info, Channel::lost_spans)
}

unsafe fn count(env: Env, info: CallbackInfo, read: fn(&Channel) -> u64) -> Value {
    let Some((host, [])) = arguments_of::<0>(env, info) else { return ptr::null_mut() };
    let sum = host.reader.get().map_or(0, |reader| reader.count(read));
    host.number(sum as f64)
}
