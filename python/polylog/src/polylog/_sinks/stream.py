"""Lines to a text stream."""

from __future__ import annotations

import contextlib
import sys
from typing import Any, Optional, Union

from .._lines import JsonFormat, TextFormat
from .._record import Parts


class StreamSink:
    """Writes each record before the call returns, as ``logging.StreamHandler`` does."""

    dropped = 0

    def __init__(self, stream: Any, format: Union[TextFormat, JsonFormat]) -> None:
        """``stream`` is an object, or the name of a standard stream, which is looked up each time: tests replace it."""
        self._name: Optional[str] = stream if isinstance(stream, str) else None
        self._stream = None if isinstance(stream, str) else stream
        self._line = format.line

    def write(self, parts: Parts) -> None:
        """Hot."""
        line = self._line(parts) + "\n"
        stream = self._stream
        if stream is None:
            stream = None if self._name is None else getattr(sys, self._name)
            if stream is None:
                return  # Closed, or a program without a console (pythonw).
        try:
            stream.write(line)
        except UnicodeEncodeError:
            encoding = getattr(stream, "encoding", None) or "ascii"
            stream.write(line.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()

    def flush(self, timeout: Optional[float] = None) -> bool:
        stream = getattr(sys, self._name) if self._name is not None else self._stream
        with contextlib.suppress(ValueError, OSError, AttributeError):
            stream.flush()
        return True

    def close(self, timeout: Optional[float] = None) -> None:
        self.flush()


class FileSink(StreamSink):
    """Appends lines to a file of its own."""

    def __init__(self, path: str, format: Union[TextFormat, JsonFormat]) -> None:
        super().__init__(open(path, "a", encoding="utf-8"), format)  # noqa: SIM115 - closed by close()

    def close(self, timeout: Optional[float] = None) -> None:
        if self._stream is not None:
            self._stream.close()
        self._stream = None
