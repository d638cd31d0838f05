"""What a record is made of, before a format or a sink gives it a form."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

from . import _context, _limits
from ._levels import Level, level_of
from ._trace import TraceIds, active_trace
from ._unified import Execution
from ._values import text_of

_STANDARD = logging.LogRecord("", 0, "", 0, "", (), None).__dict__
_MOST_OWN = len(_STANDARD)
RESERVED = frozenset(_STANDARD) | {"message", "asctime", "taskName"}
"""What ``logging`` itself puts into a record; everything else came by ``extra``."""


class ErrorParts(NamedTuple):
    name: str
    message: str
    stack: str
    """The traceback, those of its causes included."""


class Parts(NamedTuple):
    created: float
    """Seconds since 1970."""
    level: Level
    logger: str
    message: str
    fields: Optional[Mapping[str, Any]]
    error: Optional[ErrorParts]
    stack_info: Optional[str]
    execution: Optional[Execution]
    trace: Optional[TraceIds]


def parts_of(record: logging.LogRecord, global_fields: Optional[Mapping[str, Any]] = None) -> Parts:
    """Hot. Reads a record of ``logging``, and the context of whoever logged it. Never raises."""
    context = _context.active()
    execution = trace = None
    # Only what is more than logging's own values can hold any that came by extra.
    fields: Optional[Mapping[str, Any]] = _extra_of(record) if len(record.__dict__) > _MOST_OWN else None
    if context is not None:
        execution = context.execution
        trace = context.trace
        if context.fields:
            # What is said nearer to the call wins.
            fields = {**context.fields, **fields} if fields else context.fields
    if global_fields:
        fields = {**global_fields, **fields} if fields else global_fields
    error = error_of(record) if record.exc_info or record.exc_text else None
    values = (
        record.created,
        level_of(record.levelno),
        record.name,
        message_of(record),
        fields,
        error,
        record.stack_info,
        execution,
        active_trace() or trace,
    )
    # Three times as quick as the constructor with names.
    return tuple.__new__(Parts, values)


def message_of(record: logging.LogRecord) -> str:
    """The message with its arguments; both as they are where they don't fit. Never raises."""
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - a call that is wrong still has something to say
        return f"{text_of(record.msg)} [arguments that don't fit: {_limits.limited(text_of(record.args))}]"


def _extra_of(record: logging.LogRecord) -> Optional[dict[str, Any]]:
    extra = {name: value for name, value in record.__dict__.items() if name not in RESERVED}
    return extra or None


def error_of(record: logging.LogRecord) -> Optional[ErrorParts]:
    info = record.exc_info
    if not info:
        # Records that went through a queue have the traceback as text only.
        return ErrorParts("Exception", "", record.exc_text) if record.exc_text else None
    if info is True or not isinstance(info, tuple):
        return None
    return describe_error(info[1], info[2])


def describe_error(error: Optional[BaseException], trace: Any = None) -> Optional[ErrorParts]:
    """An exception with its traceback. Never raises."""
    if error is None:
        return None
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        name = f"{kind.__module__}.{name}"
    try:
        lines = traceback.format_exception(kind, error, trace if trace is not None else error.__traceback__)
        stack = "".join(lines).rstrip("\n")
    except Exception:  # noqa: BLE001 - exceptions with attributes that raise
        stack = name
    return ErrorParts(name, _limits.limited(text_of(error)), _limits.limited(stack))
