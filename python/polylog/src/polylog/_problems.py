"""Mistakes and failures inside the logging itself: told once each, never through the loggers."""

from __future__ import annotations

import sys

_MOST = 1_000
_told: set[tuple[str, str]] = set()


def tell(code: str, subject: str, message: str) -> None:
    """Tells a person, once for a code and subject. Never raises."""
    # No lock: a forked child would find it held for good. Two threads at once may tell it twice.
    if (code, subject) in _told or len(_told) >= _MOST:
        return
    _told.add((code, subject))
    try:
        sys.stderr.write(f"polylog: {message} [{code}]\n")
        sys.stderr.flush()
    except Exception:  # noqa: BLE001 - nobody is left to tell
        pass


class PolylogError(ValueError):
    """A setting that can't be used. ``code`` is one of the Node package's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} [{code}]")
        self.code = code
