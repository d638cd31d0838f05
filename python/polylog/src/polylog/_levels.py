"""Levels, and how each is written."""

from __future__ import annotations

import logging
from typing import NamedTuple, Optional, Union

TRACE = 5
"""Below DEBUG, which is the lowest that ``logging`` has a name for."""
OFF = 1_000_000
"""Above all levels."""

LOG_LEVEL_OFF = -1
LOG_LEVEL_ERROR = 0
LOG_LEVEL_WARN = 1
LOG_LEVEL_INFO = 2
LOG_LEVEL_DEBUG = 3
LOG_LEVEL_TRACE = 4


class Level(NamedTuple):
    number: int
    """The number of ``logging``."""
    word: str
    """In the text line, five characters wide."""
    severity: str
    """In JSON."""
    otlp_number: int
    otlp_text: str


_LEVELS = (
    Level(50, "CRIT ", "CRITICAL", 21, "FATAL"),
    Level(40, "ERROR", "ERROR", 17, "ERROR"),
    Level(30, "WARN ", "WARNING", 13, "WARN"),
    Level(20, "INFO ", "INFO", 9, "INFO"),
    Level(10, "DEBUG", "DEBUG", 5, "DEBUG"),
)
_LOWEST = Level(TRACE, "TRACE", "TRACE", 1, "TRACE")

_BY_NUMBER = {level.number: level for level in (*_LEVELS, _LOWEST)}

_NUMBERS = {
    "trace": TRACE,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "err": logging.ERROR,
    "fatal": logging.CRITICAL,
    "critical": logging.CRITICAL,
    "crit": logging.CRITICAL,
    "off": OFF,
    "none": OFF,
    "silent": OFF,
}
_OF_CONSTANTS = {
    LOG_LEVEL_OFF: OFF,
    LOG_LEVEL_ERROR: logging.ERROR,
    LOG_LEVEL_WARN: logging.WARNING,
    LOG_LEVEL_INFO: logging.INFO,
    LOG_LEVEL_DEBUG: logging.DEBUG,
    LOG_LEVEL_TRACE: TRACE,
}


def level_of(number: int) -> Level:
    """The level that a number of ``logging`` means; one between two levels means the one below it."""
    return _BY_NUMBER.get(number) or _search(number)


def _search(number: int) -> Level:
    for level in _LEVELS:
        if number >= level.number:
            return level
    return _LOWEST


def to_number(level: Union[str, int]) -> Optional[int]:
    """The number of ``logging`` for a name, a ``LOG_LEVEL_`` constant or such a number; None for what is no level."""
    if isinstance(level, str):
        return _NUMBERS.get(level.strip().lower())
    return _OF_CONSTANTS.get(level, level)
