"""Exceptions that nobody caught: of the main thread, of others, of asyncio's tasks. Only watched: all else goes on as before."""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any, Optional

from . import _pipeline
from ._handler import PolylogHandler

LOGGER = "python.uncaught"

_before: Optional[tuple[Any, Any]] = None
"""The hooks that were there before."""
_is_on = False


def capture() -> None:
    """Logs them from now on."""
    global _before, _is_on
    _is_on = True
    logging.getLogger("asyncio").addHandler(_tasks)
    if _before is None:
        _before = (sys.excepthook, threading.excepthook)
        sys.excepthook = _on_main
        threading.excepthook = _on_thread


def release() -> None:
    """Takes it back. Where somebody has hooked in behind, the hooks stay in the chain and only pass on."""
    global _before, _is_on
    _is_on = False
    logging.getLogger("asyncio").removeHandler(_tasks)
    if _before is not None and sys.excepthook is _on_main and threading.excepthook is _on_thread:
        sys.excepthook, threading.excepthook = _before
        _before = None


def _on_main(kind: Any, error: Any, trace: Any) -> None:
    if _is_on and not issubclass(kind, KeyboardInterrupt):
        _log(logging.CRITICAL, "uncaught exception", (kind, error, trace))
    (_before[0] if _before else sys.__excepthook__)(kind, error, trace)


def _on_thread(args: Any) -> None:
    if _is_on and args.exc_type is not SystemExit and args.exc_value is not None:
        name = None if args.thread is None else args.thread.name
        info = (args.exc_type, args.exc_value, args.exc_traceback)
        _log(logging.ERROR, f"uncaught exception in thread {name}", info)
    (_before[1] if _before else threading.__excepthook__)(args)


def _log(level: int, message: str, info: Any) -> None:
    try:
        record = logging.LogRecord(LOGGER, level, "", 0, f"{message}: %s", (info[1],), info)
        _pipeline.current().emit(record)
    except Exception:  # noqa: BLE001 - what follows is the program's own report of it
        pass


class _TaskHandler(logging.Handler):
    """asyncio logs what its tasks didn't catch, by its own logger; often nobody listens to that one."""

    def emit(self, record: logging.LogRecord) -> None:
        if _reaches_polylog(logging.getLogger(record.name)):
            return  # It is logged anyway.
        try:
            _pipeline.current().emit(record)
        except Exception:  # noqa: BLE001 - as all handlers do
            self.handleError(record)


def _reaches_polylog(logger: Optional[logging.Logger]) -> bool:
    while logger is not None:
        if any(isinstance(handler, PolylogHandler) for handler in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False


_tasks = _TaskHandler(logging.ERROR)
