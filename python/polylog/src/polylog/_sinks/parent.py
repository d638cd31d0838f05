"""Records to the parent process, over the descriptor that ``POLYLOG_FD`` names."""

from __future__ import annotations

import os
import select
import stat
import threading
from collections.abc import MutableMapping
from typing import Optional

from .._at_fork import renew_after_fork
from .._lines import FrameFormat
from .._problems import tell
from .._record import Parts
from .stream import StreamSink

VARIABLE = "POLYLOG_FD"


class ParentSink:
    """A JSON object and a newline for each record, written before the call returns: a crash loses nothing of it.

    While the parent is behind, the call waits. When the parent is gone, records go to ``fallback``.
    """

    dropped = 0

    def __init__(self, descriptor: int, fallback: StreamSink, format: Optional[FrameFormat] = None) -> None:
        self._descriptor = descriptor
        self._fallback = fallback
        self._line = (format or FrameFormat()).line
        # A signal's handler may log while its thread writes.
        self._lock = threading.RLock()
        self._is_gone = False
        renew_after_fork(self)

    def write(self, parts: Parts) -> None:
        if not self._is_gone:
            frame = f"{self._line(parts)}\n".encode()
            try:
                # Two threads' frames must not get into one another.
                with self._lock:
                    self._write_all(frame)
                return
            except OSError as error:
                self._is_gone = True
                tell("POLYLOG_E_SINK", VARIABLE, f"the parent takes no more records, they go to stderr: {error}")
        self._fallback.write(parts)

    def flush(self, timeout: Optional[float] = None) -> bool:
        return True

    def close(self, timeout: Optional[float] = None) -> None:
        pass

    def after_fork(self) -> None:
        self._lock = threading.RLock()

    def _write_all(self, frame: bytes) -> None:
        rest = memoryview(frame)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:
                select.select([], [self._descriptor], [])


def take_descriptor(environment: MutableMapping[str, str]) -> Optional[int]:
    """The descriptor that leads to the parent. What this process starts must neither find it nor write to it."""
    text = environment.pop(VARIABLE, None)
    if not text:
        return None
    try:
        descriptor = int(text)
        mode = os.fstat(descriptor).st_mode
        if descriptor < 3 or not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
            raise OSError("it is no pipe and no socket")
        os.set_inheritable(descriptor, False)
    except (ValueError, OSError, OverflowError) as error:
        tell("POLYLOG_E_CONFIG", VARIABLE, f"{VARIABLE}={text[:20]} is left aside: {error}")
        return None
    return descriptor
