"""Lines of the two formats. Kept alike with packages/sdk/src/format by vectors that both read."""

from __future__ import annotations

from typing import Any, Optional

from ._escape import CONTINUATION, json_text, line_text, utf8_text
from ._fields import json_fields, json_value, text_fields
from ._levels import Level
from ._limits import limited
from ._record import ErrorParts, Parts
from ._trace import TraceIds
from ._unified import SYSTEM, Execution, bracket, dimmed, heads, iso_time, iso_time_fine

_LONG = 1_000
_MOST_HEADS = 10_000


class _Format:
    def __init__(self, app_id: Optional[str] = None, compact: bool = True, colors: bool = False) -> None:
        self._app_id = app_id
        self._compact = compact
        self._colors = colors
        self._heads: dict[tuple[str, str], tuple[str, str, str]] = {}

    def _head(self, level: Level, logger: str) -> tuple[str, str, str]:
        """Before the context, behind it, and both in one piece."""
        before, after = heads(level, limited(logger), self._app_id, self._colors)
        head = (before, after, before + after)
        if len(self._heads) < _MOST_HEADS:
            self._heads[level.word, logger] = head
        return head

    def _start(self, parts: Parts) -> str:
        """Hot. The unified line up to the message."""
        head = self._heads.get((parts.level.word, parts.logger))
        before, after, whole = head if head is not None else self._head(parts.level, parts.logger)
        time = iso_time(parts.created)
        if self._colors:
            time = dimmed(time)
        if parts.execution is None:
            return time + whole
        where = bracket(parts.execution, self._compact)
        if not where:
            return time + whole
        return f"{time}{before}{dimmed(where) if self._colors else where} {after}"


class TextFormat(_Format):
    """The unified line; fields follow as ``key=value``, tracebacks on indented lines below."""

    def line(self, parts: Parts) -> str:
        """Hot."""
        _, _, _, message, fields, error, stack_info, _, trace = parts
        if len(message) > _LONG:
            message = limited(message)
        line = self._start(parts) + (message if message.isprintable() else line_text(message))
        if fields:
            line += text_fields(fields)
        if trace is not None:
            line += f" trace_id={trace.trace_id} span_id={trace.span_id}"
        if error is not None:
            line += CONTINUATION + line_text(error.stack)
        if stack_info:
            line += CONTINUATION + line_text(limited(stack_info))
        return line if line.isascii() else utf8_text(line)


class JsonFormat(_Format):
    """One JSON object a line; ``text`` is the unified line."""

    def line(self, parts: Parts) -> str:
        message = limited(parts.message)
        shown = self._start(parts) + line_text(message)
        return self._json(parts, iso_time(parts.created), message, f',"text":{json_text(shown)}')

    def _json(self, parts: Parts, time: str, message: str, text: str) -> str:
        line = (
            f'{{"timestamp":"{time}","severity":"{parts.level.severity}","system":"{SYSTEM}",'
            f'"logger":{json_text(limited(parts.logger))},"message":{json_text(message)}'
        )
        if self._app_id:
            line += f',"app_id":{json_text(self._app_id)}'
        line += text + _ids(parts.execution) + _trace(parts.trace)
        if parts.error is not None:
            line += f',"exception":{_exception(parts.error)}'
        if parts.stack_info:
            line += f',"stack_info":{json_text(limited(parts.stack_info))}'
        if parts.fields:
            line += f',"metadata":{json_fields(parts.fields)}'
        return line + "}"


class FrameFormat(JsonFormat):
    """The same for a parent process, which makes the text itself: without ``text``, and to the microsecond."""

    def line(self, parts: Parts) -> str:
        flags = "" if parts.trace is None else f',"trace_flags":{parts.trace.trace_flags}'
        return self._json(parts, iso_time_fine(parts.created), limited(parts.message), flags)


def _ids(execution: Optional[Execution]) -> str:
    if execution is None:
        return ""
    named: Any = zip(Execution._fields, execution)
    return "".join(f',"{name}":{json_text(limited(id))}' for name, id in named if id)


def _trace(trace: Optional[TraceIds]) -> str:
    return "" if trace is None else f',"trace_id":"{trace.trace_id}","span_id":"{trace.span_id}"'


def _exception(error: ErrorParts) -> str:
    return json_value({"name": error.name, "message": error.message, "stack": error.stack})
