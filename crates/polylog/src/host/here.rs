//! The JavaScript of a thread, and what native code asks of it.

use std::cell::Cell;
use std::ptr;

use super::node_api::{Env, NodeApi, Ref, Value, OK};
use super::reader::{Reader, Wishes};
use crate::batch;

/// A thread that runs JavaScript and has loaded the addon.
pub(super) struct Host {
    pub(super) env: Env,
    pub(super) api: &'static NodeApi,
    /// Has the SDK take what is there, before it returns.
    pub(super) drain: Cell<Ref>,
    /// Captures the context that is active, and answers its number.
    pub(super) capture: Cell<Ref>,
    /// Where the SDK is given batches.
    pub(super) batch: Cell<Ref>,
    /// What the SDK has said before it connects.
    pub(super) wishes: Cell<Option<Wishes>>,
    /// Set when the SDK connects.
    pub(super) reader: Cell<Option<&'static Reader>>,
}

thread_local! {
    static HOST: Cell<Option<&'static Host>> = const { Cell::new(None) };
}

pub(super) fn host_here() -> Option<&'static Host> {
    HOST.try_with(Cell::get).ok().flatten()
}

/// True on a thread that runs JavaScript.
pub(crate) fn is_here() -> bool {
    host_here().is_some()
}

impl Host {
    /// Made for the thread that runs, where [`host_here`] finds it from now on. Never freed.
    pub(super) fn of_this_thread(env: Env, api: &'static NodeApi) -> &'static Host {
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
        host
    }

    /// Nothing of this thread's JavaScript may be called any more.
    pub(super) fn forget(&self) {
        let _ = HOST.try_with(|here| here.set(None));
    }

    pub(super) fn number(&self, number: f64) -> Value {
        let mut value = ptr::null_mut();
        // SAFETY: called on the thread of `env`, within a call of it; the same below.
        unsafe { (self.api.create_double)(self.env, number, &mut value) };
        value
    }

    pub(super) fn undefined(&self) -> Option<Value> {
        let mut value = ptr::null_mut();
        // SAFETY: as above.
        (unsafe { (self.api.get_undefined)(self.env, &mut value) } == OK).then_some(value)
    }

    pub(super) fn string(&self, text: &str) -> Option<Value> {
        let mut value = ptr::null_mut();
        // SAFETY: as above; the length is that of the text.
        let status =
            unsafe { (self.api.create_string_utf8)(self.env, text.as_ptr().cast(), text.len(), &mut value) };
        (status == OK).then_some(value)
    }

    pub(super) fn call(&self, function: Value, arguments: &[Value]) -> Option<Value> {
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
    pub(super) fn clear_exception(&self) {
        let (mut is_pending, mut exception) = (false, ptr::null_mut());
        // SAFETY: as above.
        unsafe {
            if (self.api.is_exception_pending)(self.env, &mut is_pending) == OK && is_pending {
                (self.api.get_and_clear_last_exception)(self.env, &mut exception);
            }
        }
    }

    /// Where the bytes of a typed array lie.
    pub(super) unsafe fn bytes_of(&self, array: Value) -> Option<*mut [u8]> {
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
    pub(super) unsafe fn handed_over(&self) -> Option<u32> {
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
    pub(super) fn call_kept<T>(
        &self,
        reference: Ref,
        read: impl FnOnce(&Host, Value) -> Option<T>,
    ) -> Option<T> {
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
