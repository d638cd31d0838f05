"""Filter directives: ``warn,myapp.billing=debug``. The grammar is that of the Node package."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ._levels import OFF, TRACE, to_number

_DIRECTIVE = re.compile(r"([^\[\]{}=]*)(\[[^\]{}]*(?:\{[^}]*\})?\]\s{0,8})?(?:(=)([^=]*))?\Z")
_NUMBERS = (OFF, 40, 30, 20, 10, TRACE)
"""The numbers of tracing's filters, from 0."""


def parse_directives(text: str) -> tuple[dict[str, int], list[str]]:
    """The level of each logger, the empty name standing for all, and what was wrong with the rest."""
    levels: dict[str, int] = {}
    errors: list[str] = []
    for part in _parts(text):
        match = _DIRECTIVE.match(part)
        if match is None:
            errors.append(f'"{part}": expected target=level')
            continue
        target, span, equals, level_text = match.groups()
        target = target.strip()
        if span is not None:
            continue  # Means something to native code alone.
        alone = _level(target) if equals is None else None
        if alone is not None:
            levels[""] = alone
            continue
        level = TRACE if not (level_text or "").strip() else _level(level_text)
        if level is None:
            errors.append(f'"{part}": "{level_text.strip()}" is no level')
        else:
            levels[canonical_name(target)] = level
    return levels, errors


def canonical_name(name: str) -> str:
    """``::`` and ``.`` part segments alike; ``root`` is the root."""
    segments = [] if name == "root" else re.split(r"::|\.", name)
    return ".".join(segment for segment in segments if segment)


def _parts(text: str) -> Iterator[str]:
    """A comma in brackets or braces parts fields, not directives."""
    depth = start = 0
    for at, character in enumerate(f"{text},"):
        if character in "[{":
            depth += 1
        elif character in "]}":
            depth = max(0, depth - 1)
        if character == "," and (depth == 0 or at == len(text)):
            part = text[start:at].strip()
            start = at + 1
            if part:
                yield part


def _level(text: str) -> int | None:
    word = text.strip()
    if len(word) == 1 and word in "012345":
        return _NUMBERS[int(word)]
    return to_number(word)
