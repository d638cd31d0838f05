"""What is configured: code counts more than the environment, and that more than the defaults."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple, Optional, Union
from urllib.parse import unquote

from ._levels import to_number
from ._problems import PolylogError, tell

FORMATS = ("text", "json")
STREAMS = ("stderr", "stdout")
_YES = ("1", "true", "yes", "on", "always")
_NO = ("0", "false", "no", "off", "never")


class Settings(NamedTuple):
    level: int
    filter: str
    format: str
    stream: Optional[str]
    """None where nobody has asked for one."""
    colors: Optional[bool]
    compact_context: bool
    app_id: Optional[str]
    file: Optional[str]
    endpoint: Optional[str]
    api_key: Optional[str]
    environment: Optional[str]


def read_settings(given: Mapping[str, Any], variables: Mapping[str, str] = os.environ) -> Settings:
    """Raises PolylogError ``POLYLOG_E_CONFIG`` for what code gives; what the environment has wrong is told and left out."""
    environment = _Environment(variables)
    level = to_number(given["level"]) if given.get("level") is not None else environment.level()
    if given.get("level") is not None and level is None:
        raise PolylogError("POLYLOG_E_CONFIG", f"level={given['level']!r}: there is no such level")
    return Settings(
        level=20 if level is None else level,
        filter=_first(given.get("filter"), variables.get("POLYLOG_FILTER")) or "",
        format=_choice("format", given, FORMATS) or environment.format() or "text",
        stream=_choice("stream", given, STREAMS) or environment.choice("STREAM", STREAMS),
        colors=_first(given.get("colors"), environment.colors()),
        compact_context=_first(given.get("compact_context"), environment.flag("COMPACT_CONTEXT")) is not False,
        app_id=_first(given.get("app_id"), environment.text("APP_ID")),
        file=environment.text("FILE"),
        endpoint=_first(given.get("endpoint"), environment.text("ENDPOINT")),
        api_key=_first(given.get("api_key"), environment.text("API_KEY")),
        environment=_first(given.get("environment"), environment.text("ENVIRONMENT")),
    )


def is_colorful(stream: Any, wanted: Optional[bool], variables: Mapping[str, str] = os.environ) -> bool:
    """On terminals, unless it is said otherwise (https://no-color.org, https://force-color.org)."""
    if wanted is not None:
        return wanted
    if variables.get("NO_COLOR"):
        return False
    if variables.get("FORCE_COLOR"):
        return variables["FORCE_COLOR"] != "0"
    target = getattr(sys, stream, None) if isinstance(stream, str) else stream
    try:
        return variables.get("TERM") != "dumb" and bool(target.isatty())
    except (AttributeError, ValueError, OSError):
        return False


def pairs(name: str, variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """``a=b,c=d``, percent-encoded, as OpenTelemetry's variables have headers and attributes."""
    found = {}
    for part in (variables.get(name) or "").split(","):
        key, equals, value = part.partition("=")
        if equals and key.strip():
            found[unquote(key.strip())] = unquote(value.strip())
        elif part.strip():
            tell("POLYLOG_E_CONFIG", name, f"{name} is left aside: it should be key=value,key=value")
            return {}
    return found


class _Environment:
    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str) -> Optional[str]:
        return (self._variables.get(f"POLYLOG_{name}") or "").strip() or None

    def level(self) -> Optional[int]:
        text = self.text("LEVEL")
        number = None if text is None else to_number(text)
        if text is not None and number is None:
            self._tell("LEVEL", text, "trace, debug, info, warn, error, fatal or off")
        return number

    def format(self) -> Optional[str]:
        # The Node package has these two besides; a variable that both read is no mistake.
        if (self.text("FORMAT") or "").lower() in ("pretty", "logfmt"):
            return "text"
        return self.choice("FORMAT", FORMATS)

    def colors(self) -> Optional[bool]:
        return None if (self.text("COLORS") or "").lower() == "auto" else self.flag("COLORS")

    def choice(self, name: str, choices: tuple[str, ...]) -> Optional[str]:
        text = self.text(name)
        if text is None or text.lower() in choices:
            return text and text.lower()
        self._tell(name, text, ", ".join(choices))
        return None

    def flag(self, name: str) -> Optional[bool]:
        text = self.text(name)
        if text is None:
            return None
        if text.lower() in _YES:
            return True
        if text.lower() not in _NO:
            self._tell(name, text, "true or false")
            return None
        return False

    def _tell(self, name: str, text: str, expected: str) -> None:
        variable = f"POLYLOG_{name}"
        tell("POLYLOG_E_CONFIG", variable, f"{variable}={text[:40]} was left out: expected {expected}")


def _choice(name: str, given: Mapping[str, Any], choices: tuple[str, ...]) -> Optional[str]:
    value: Union[str, None] = given.get(name)
    if value is not None and value not in choices:
        raise PolylogError("POLYLOG_E_CONFIG", f"{name}={value!r}: expected {' or '.join(choices)}")
    return value


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)
