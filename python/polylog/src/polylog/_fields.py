"""Fields of a record, as lines and JSON have them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from ._escape import line_json, line_name, utf8_json, word
from ._values import SAFE_INTEGER, plain_value

_LONG = 1_000
"""Texts from here on are counted against what a record may hold."""
_MOST_NAMES = 5_000
_LONGEST_NAME = 64

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_names: dict[str, str] = {}


def json_fields(fields: Mapping[str, Any]) -> str:
    """Fields as a JSON object. Never raises."""
    for name, value in fields.items():
        if type(name) is not str or len(name) > _LONGEST_NAME or not _is_simple(value):
            return json_value(fields)
    return utf8_json(_encode(fields))


def json_value(value: Any) -> str:
    """Any value as JSON. Never raises."""
    return utf8_json(_encode(plain_value(value)))


def _is_simple(value: Any) -> bool:
    """True for what can be written as it is."""
    kind = type(value)
    if kind is str:
        return len(value) < _LONG
    if kind is int:
        return -SAFE_INTEGER <= value <= SAFE_INTEGER
    return math.isfinite(value) if kind is float else value is None or kind is bool


def text_fields(fields: Mapping[str, Any]) -> str:
    """Fields as `` key=value``, with a leading blank each. Never raises."""
    parts = []
    for name, value in fields.items():
        text = _simple_text(value)
        if text is None or type(name) is not str:
            return _thorough_text(fields)
        parts.append(_key(name) + text)
    return "".join(parts)


def _thorough_text(fields: Mapping[str, Any]) -> str:
    copied = plain_value(fields)
    if not isinstance(copied, dict):
        copied = {"value": copied}
    return "".join(_key(name) + _copied_text(value) for name, value in copied.items())


def _copied_text(value: Any) -> str:
    text = _simple_text(value)
    if text is not None:
        return text
    return word(value) if isinstance(value, str) else line_json(utf8_json(_encode(value)))


def _simple_text(value: Any) -> str | None:
    """None for what takes more than this to tell."""
    if not _is_simple(value):
        return None
    kind = type(value)
    if kind is str:
        return word(value)
    if kind is bool:
        return "true" if value else "false"
    return "null" if value is None else repr(value)


def _key(name: str) -> str:
    key = _names.get(name)
    if key is None:
        key = f" {line_name(name)}="
        if len(name) <= _LONGEST_NAME and len(_names) < _MOST_NAMES:
            _names[name] = key
    return key
