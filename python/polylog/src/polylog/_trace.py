"""Trace ids, as W3C Trace Context writes them."""

from __future__ import annotations

import re
import sys
from typing import Any, NamedTuple, Optional

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?\Z", re.DOTALL)
_LONGEST = 256
_TRACE_ID = re.compile(r"[0-9a-f]{32}\Z")
_SPAN_ID = re.compile(r"[0-9a-f]{16}\Z")
_NO_TRACE = "0" * 32
_NO_SPAN = "0" * 16


class TraceIds(NamedTuple):
    """Ids of a span, in lower-case hex."""

    trace_id: str
    span_id: str
    trace_flags: int = 1

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.trace_flags & 0xFF:02x}"


def parse_traceparent(text: Optional[str]) -> Optional[TraceIds]:
    """The ids in a ``traceparent``; None when it is none (W3C Trace Context, level 2)."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        return None
    match = _TRACEPARENT.match(text.strip())
    if match is None:
        return None
    version, trace_id, span_id, flags, more = match.groups()
    if version == "ff" or (version == "00" and more is not None):
        return None
    if trace_id == _NO_TRACE or span_id == _NO_SPAN:
        return None
    return TraceIds(trace_id, span_id, int(flags, 16))


def trace_of(value: Any) -> Optional[TraceIds]:
    """Ids given as TraceIds or as a ``traceparent``."""
    if isinstance(value, TraceIds):
        is_valid = _TRACE_ID.match(str(value.trace_id)) and _SPAN_ID.match(str(value.span_id))
        return value if is_valid else None
    return parse_traceparent(value)


def active_trace() -> Optional[TraceIds]:
    """Ids of the span that is active by OpenTelemetry, if the program has loaded it. Never raises."""
    api = sys.modules.get("opentelemetry.trace")
    if api is None:
        return None
    try:
        span = api.get_current_span().get_span_context()
        if not span.is_valid:
            return None
        return TraceIds(f"{span.trace_id:032x}", f"{span.span_id:016x}", int(span.trace_flags))
    except Exception:  # noqa: BLE001 - a module half loaded, or of another kind
        return None
