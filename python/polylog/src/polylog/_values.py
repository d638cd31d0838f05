"""Copies of any value that JSON can hold."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from typing import Any

from . import _limits

SAFE_INTEGER = 2**53 - 1
"""Readers of JSON keep no digits beyond it."""

_SHOWN_BYTES = 32


def plain_value(value: Any) -> Any:
    """Never raises, always ends: what can't be copied is told in its place, such as ``[Circular]``."""
    return _Copier().copy(value, 0)


def text_of(value: Any) -> str:
    """The text of any value. Never raises."""
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001 - whatever it is, the record comes out
        return f"[Throws: {type(error).__name__}]"


class _Copier:
    def __init__(self) -> None:
        self._ancestors: list[int] = []
        self._left = _limits.VALUES
        self._room = _limits.TOTAL

    def copy(self, value: Any, depth: int) -> Any:
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self._text(str(value))
        if isinstance(value, float):
            return _number_text(value) if not math.isfinite(value) else float(value)
        if isinstance(value, int):
            # An IntEnum counts by its number, as in the standard library's JSON.
            number = int(value)
            return number if -SAFE_INTEGER <= number <= SAFE_INTEGER else self._text(text_of(number))
        return self._guarded(value, depth)

    def _guarded(self, value: Any, depth: int) -> Any:
        if id(value) in self._ancestors:
            return "[Circular]"
        if depth >= _limits.DEPTH:
            return "[Deeper levels left out]"
        self._ancestors.append(id(value))
        try:
            return self._object(value, depth)
        except Exception as error:  # noqa: BLE001 - a property or an iterator of the value's own
            return self._text(f"[Throws: {text_of(error)}]")
        finally:
            self._ancestors.pop()

    def _object(self, value: Any, depth: int) -> Any:
        if isinstance(value, Mapping):
            return self._fields(value, depth)
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._list(value, len(value), depth)
        if isinstance(value, (bytes, bytearray, memoryview)):
            return _bytes_text(value)
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return value.isoformat()
        if isinstance(value, BaseException):
            return {"name": type(value).__name__, "message": self._text(text_of(value))}
        return self._text(text_of(value))

    def _text(self, text: str) -> str:
        shown = _limits.limited(text, self._room)
        self._room = max(0, self._room - len(text))
        return shown

    def _list(self, values: Iterable[Any], length: int, depth: int) -> list[Any]:
        copied: list[Any] = []
        for value in values:
            self._left -= 1
            if self._left < 0:
                copied.append(f"[{length - len(copied)} more left out]")
                break
            copied.append(self.copy(value, depth + 1))
        return copied

    def _fields(self, fields: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        copied: dict[str, Any] = {}
        for name, value in fields.items():
            self._left -= 1
            if self._left < 0:
                copied["…"] = f"[{len(fields) - len(copied)} more left out]"
                break
            copied[self._text(name if type(name) is str else text_of(name))] = self.copy(value, depth + 1)
        return copied


def _number_text(number: float) -> str:
    if number != number:
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def _bytes_text(value: Any) -> str:
    size = len(value)
    more = "…" if size > _SHOWN_BYTES else ""
    return f"[{size} bytes: {bytes(value[:_SHOWN_BYTES]).hex()}{more}]"
