"""The unified line: ``{time} {LEVEL:<5} [P] {app_id} [{context}] {logger} {message}``."""

from __future__ import annotations

import re
import time
from typing import NamedTuple, Optional

from ._escape import line_text
from ._levels import Level

SYSTEM = "python"
_TAG = "[P]"
_SHORT_ID = 8
_NO_CAPITAL = re.compile("[^A-Z]")
_THOUSANDTHS = [f".{milliseconds:03d}Z" for milliseconds in range(1000)]

_COLORS = {
    "TRACE": (2, 22),
    "DEBUG": (36, 39),
    "INFO ": (32, 39),
    "WARN ": (33, 39),
    "ERROR": (31, 39),
    "CRIT ": (31, 39),
}
"""What switches a level's colour on and off (ECMA-48)."""

_last_second = (0, "1970-01-01T00:00:00")


class Execution(NamedTuple):
    """Where in the work of an application a record was made. Ids are given in full."""

    runner_class: Optional[str] = None
    runner_id: Optional[str] = None
    worker_id: Optional[str] = None
    invocation_id: Optional[str] = None
    task_id: Optional[str] = None


def iso_time(created: float) -> str:
    """Hot. Seconds since 1970 as UTC in ISO 8601, to the millisecond."""
    second = int(created)
    # Half a microsecond on top: what a float can't hold exactly mustn't cost a millisecond.
    milliseconds = int((created - second) * 1000 + 0.0005)
    known, text = _last_second
    if known == second and 0 <= milliseconds < 1000:
        return text + _THOUSANDTHS[milliseconds]
    milliseconds = int(created * 1e6 + 0.5) // 1000
    return _second_text(milliseconds // 1000) + _THOUSANDTHS[milliseconds % 1000]


def iso_time_fine(created: float) -> str:
    """The same to the microsecond, which is what Python's clock knows."""
    microseconds = int(created * 1e6 + 0.5)
    return f"{_second_text(microseconds // 1_000_000)}.{microseconds % 1_000_000:06d}Z"


def _second_text(second: int) -> str:
    global _last_second
    try:
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
    except (OverflowError, OSError, ValueError):
        text = "1970-01-01T00:00:00"
    # One assignment: another thread sees the old pair or the new one.
    _last_second = (second, text)
    return text


def heads(level: Level, logger: str, app_id: Optional[str], colors: bool) -> tuple[str, str]:
    """What stands before the context and behind it, from the time to the message."""
    word, tag = level.word, _TAG
    if colors:
        word, tag = painted(word, *_COLORS[level.word]), dimmed(tag)
    application = f"{line_text(app_id)} " if app_id else ""
    return f" {word} {tag} {application}", f"{line_text(logger)} "


def painted(text: str, on: int, off: int) -> str:
    return f"\x1b[{on}m{text}\x1b[{off}m"


def dimmed(text: str) -> str:
    return painted(text, 2, 22)


def bracket(execution: Execution, compact: bool) -> str:
    """The context in brackets, ``[PTR(a86ab1f8).W(d1241003)cc6c0e34-…:tasks.add]``; empty when there is none."""

    def short(id: str) -> str:
        return line_text(id[:_SHORT_ID] if compact else id)

    parts = []
    if execution.runner_id:
        parts.append(f"{_class_text(execution.runner_class, compact)}({short(execution.runner_id)})")
    if execution.worker_id:
        parts.append(f"W({short(execution.worker_id)})")
    work = line_text(execution.invocation_id or "")
    if execution.task_id:
        work += f":{line_text(execution.task_id)}"
    inner = ".".join(parts) + work
    return f"[{inner}]" if inner else ""


def _class_text(given: Optional[str], compact: bool) -> str:
    name = given or "Runner"
    capitals = _NO_CAPITAL.sub("", name) if compact else ""
    return line_text(capitals or name)
