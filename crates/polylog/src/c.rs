//! The functions of `include/polylog.h`, which says what they do.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ffi::{c_char, c_void, CStr};
use std::sync::Arc;
use std::time::Duration;

use crate::context::Context;
use crate::encoder::Encoder;
use crate::entered::{self, By, Entered};
use crate::level::{Level, OFF};
use crate::names::{Place, System};
use crate::open_span::OpenSpan;
use crate::sender;
use crate::settle::settle;
use crate::value::Value;

/// `polylog_place`
#[repr(C)]
pub struct CPlace {
    logger: *const c_char,
    file: *const c_char,
    function: *const c_char,
    line: u32,
}

/// `polylog_field`
#[repr(C)]
pub struct CField {
    name: *const c_char,
    kind: u32,
    value: CValue,
    /// Bytes of a text.
    length: usize,
}

#[repr(C)]
union CValue {
    /// C may have written any byte.
    boolean: u8,
    integer: i64,
    unsigned: u64,
    real: f64,
    text: *const c_char,
}

const NULL: u32 = 0;
const BOOLEAN: u32 = 1;
const INTEGER: u32 = 2;
const UNSIGNED: u32 = 3;
const REAL: u32 = 4;
const TEXT: u32 = 5;

thread_local! {
    /// Open spans of this thread, the outermost first; `None` for one that is off.
    static SPANS: RefCell<Vec<Option<Span>>> = const { RefCell::new(Vec::new()) };
}

struct Span {
    name: String,
    fields: Encoder,
    open: Option<OfTrace>,
}

/// What a span of the trace needs when it is closed.
struct OfTrace {
    open: Arc<OpenSpan>,
    rank: u8,
    logger: String,
    file: String,
    function: String,
    line: u32,
}

/// Text of which C says where it is; bytes that are no UTF-8 are replaced.
unsafe fn text<'a>(start: *const c_char) -> Cow<'a, str> {
    if start.is_null() {
        return Cow::Borrowed("");
    }
    CStr::from_ptr(start).to_string_lossy()
}

unsafe fn text_of_length<'a>(start: *const c_char, length: usize) -> Cow<'a, str> {
    if start.is_null() {
        return Cow::Borrowed("");
    }
    String::from_utf8_lossy(std::slice::from_raw_parts(start.cast::<u8>(), length))
}

unsafe fn slice_of<'a>(fields: *const CField, count: usize) -> &'a [CField] {
    if fields.is_null() {
        return &[];
    }
    std::slice::from_raw_parts(fields, count)
}

unsafe fn write_fields(fields: &[CField], encoder: &mut Encoder, cache: &mut crate::names::Cache) {
    for field in fields {
        let name = text(field.name);
        match field.kind {
            NULL => encoder.field(&name, Value::Null, cache),
            BOOLEAN => encoder.field(&name, Value::Bool(field.value.boolean != 0), cache),
            INTEGER => encoder.field(&name, Value::I64(field.value.integer), cache),
            UNSIGNED => encoder.field(&name, Value::U64(field.value.unsigned), cache),
            REAL => encoder.field(&name, Value::F64(field.value.real), cache),
            TEXT => {
                let value = text_of_length(field.value.text, field.length);
                encoder.field(&name, Value::Str(&value), cache);
            }
            _ => {}
        }
    }
}

/// `polylog_install`
///
/// # Safety
/// `env` and `exports` must be those of the initialisation that is going on; `exports` may be null.
#[no_mangle]
pub unsafe extern "C" fn polylog_install(env: *mut c_void, exports: *mut c_void) {
    crate::install(env, exports);
}

/// `polylog_enabled`
///
/// # Safety
/// `logger` must be null or end with a zero byte.
#[no_mangle]
pub unsafe extern "C" fn polylog_enabled(logger: *const c_char, level: u32) -> bool {
    level < u32::from(OFF) && sender::is_enabled(&text(logger), level as u8)
}

/// `polylog_log`
///
/// # Safety
/// All texts must be null or as long as they say, or end with a zero byte; `fields` must hold `count` of them.
#[no_mangle]
pub unsafe extern "C" fn polylog_log(
    place: *const CPlace,
    level: u32,
    message: *const c_char,
    length: usize,
    fields: *const CField,
    count: usize,
) {
    if place.is_null() || level >= u32::from(OFF) {
        return;
    }
    let place = &*place;
    let (logger, file, function) = (text(place.logger), text(place.file), text(place.function));
    if !sender::is_enabled(&logger, level as u8) {
        return;
    }
    let message = text_of_length(message, length);
    let place =
        Place { target: &logger, module: &function, file: &file, line: place.line, system: System::Cpp };
    let receipt = sender::send(level as u8, place, |encoder, cache| {
        encoder.set_message(&Value::Str(&message));
        write_fields(slice_of(fields, count), encoder, cache);
        let _ = SPANS.try_with(|spans| {
            for span in spans.borrow().iter().flatten() {
                encoder.span(&span.name, &span.fields, cache);
            }
        });
    });
    // What comes next may be the end: where nobody takes it in time, it is printed.
    if level == Level::Fatal as u32 && !settle(receipt) {
        eprintln!("{logger} {message}");
    }
}

/// `polylog_span_enter`
///
/// # Safety
/// As of `polylog_log`.
#[no_mangle]
pub unsafe extern "C" fn polylog_span_enter(name: *const c_char, fields: *const CField, count: usize) {
    let nowhere =
        CPlace { logger: std::ptr::null(), file: std::ptr::null(), function: std::ptr::null(), line: 0 };
    enter_span(&nowhere, Level::Info as u8, name, slice_of(fields, count));
}

/// `polylog_span_enter_at`
///
/// # Safety
/// As of `polylog_log`.
#[no_mangle]
pub unsafe extern "C" fn polylog_span_enter_at(
    place: *const CPlace,
    level: u32,
    name: *const c_char,
    fields: *const CField,
    count: usize,
) {
    let place = place.as_ref().filter(|place| polylog_enabled(place.logger, level));
    match place {
        Some(place) => enter_span(place, level as u8, name, slice_of(fields, count)),
        // There will be an exit all the same.
        None => push_span(None),
    }
}

unsafe fn enter_span(place: &CPlace, rank: u8, name: *const c_char, fields: &[CField]) {
    let mut encoder = Encoder::default();
    sender::with_cache(|cache| write_fields(fields, &mut encoder, cache));
    let begun = if entered::is_traced() { entered::current() } else { None };
    let logger = text(place.logger);
    let open = begun
        .filter(|_| sender::is_enabled(&logger, rank))
        .and_then(|inside| inside.begin_span())
        .map(|open| {
            entered::enter(Entered::span(open.clone()), By::CSpan);
            let (file, function) = (text(place.file).into_owned(), text(place.function).into_owned());
            OfTrace { open, rank, logger: logger.into_owned(), file, function, line: place.line }
        });
    push_span(Some(Span { name: text(name).into_owned(), fields: encoder, open }));
}

fn push_span(span: Option<Span>) {
    let _ = SPANS.try_with(|spans| spans.borrow_mut().push(span));
}

/// `polylog_span_exit`
#[no_mangle]
pub extern "C" fn polylog_span_exit() {
    let span = SPANS.try_with(|spans| spans.borrow_mut().pop()).ok().flatten().flatten();
    let Some(Span { name, fields, open: Some(of_trace) }) = span else { return };
    entered::leave(By::CSpan);
    let OfTrace { open, rank, logger, file, function, line } = of_trace;
    let place = Place { target: &logger, module: &function, file: &file, line, system: System::Cpp };
    sender::send_span(&open, rank, place, &name, &fields);
}

/// `polylog_context`
pub struct CContext(Entered);

/// `polylog_context_current`; null when there is none.
#[no_mangle]
pub extern "C" fn polylog_context_current() -> *const CContext {
    let entered = Context::current().into_entered();
    entered.map_or(std::ptr::null(), |entered| Box::into_raw(Box::new(CContext(entered))))
}

/// `polylog_context_enter`
///
/// # Safety
/// `context` must be null or come from `polylog_context_current`, and not be released yet.
#[no_mangle]
pub unsafe extern "C" fn polylog_context_enter(context: *const CContext) {
    if let Some(CContext(entered)) = context.as_ref() {
        entered::leave(By::CContext);
        entered::enter(entered.clone(), By::CContext);
    }
}

/// `polylog_context_leave`
#[no_mangle]
pub extern "C" fn polylog_context_leave() {
    entered::leave(By::CContext);
}

/// `polylog_context_release`
///
/// # Safety
/// As of `polylog_context_enter`; it is gone after that.
#[no_mangle]
pub unsafe extern "C" fn polylog_context_release(context: *const CContext) {
    if !context.is_null() {
        drop(Box::from_raw(context.cast_mut()));
    }
}

/// `polylog_flush`
#[no_mangle]
pub extern "C" fn polylog_flush(milliseconds: u32) -> bool {
    crate::host::drain_here();
    let milliseconds = if crate::host::is_here() { 0 } else { milliseconds };
    sender::current_channel().wait_for_all(Duration::from_millis(milliseconds.into()))
}
