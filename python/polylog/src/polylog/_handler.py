"""The bridge from ``logging``."""

from __future__ import annotations

import logging
from typing import Any, Optional

from . import _pipeline
from ._lines import JsonFormat, TextFormat
from ._record import parts_of
from ._settings import read_settings
from ._sinks.stream import FileSink, StreamSink


class PolylogHandler(logging.Handler):
    """Takes what ``logging`` logs to where Polylog's records go.

    Without arguments that is what ``polylog.init`` or the environment says. With ``stream`` (``"stderr"``, ``"stdout"`` or an
    object with ``write``), ``filename`` or ``format`` (``"text"`` or ``"json"``) it writes lines of its own, and nothing else.

    >>> logging.getLogger().addHandler(PolylogHandler())
    >>> logging.getLogger("myapp.billing").warning("slow request", extra={"duration_ms": 1240})
    """

    def __init__(
        self,
        level: Any = logging.NOTSET,
        *,
        stream: Any = None,
        filename: Optional[str] = None,
        format: Optional[str] = None,
        app_id: Optional[str] = None,
        compact_context: Optional[bool] = None,
        colors: Optional[bool] = None,
    ) -> None:
        super().__init__(level)
        own = {"format": format, "app_id": app_id, "compact_context": compact_context, "colors": colors}
        self._pipeline: Optional[_pipeline.Pipeline] = None
        if stream is not None or filename is not None or any(value is not None for value in own.values()):
            self._pipeline = _own_pipeline(stream, filename, own)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            (self._pipeline or _pipeline.current()).emit(record)
        except Exception:  # noqa: BLE001 - as all handlers do
            self.handleError(record)

    def flush(self) -> None:
        pipeline = self._pipeline or _pipeline._current
        if pipeline is not None:
            pipeline.flush()

    def close(self) -> None:
        if self._pipeline is not None:
            self._pipeline.close()
        super().close()


def _own_pipeline(stream: Any, filename: Optional[str], own: dict[str, Any]) -> _pipeline.Pipeline:
    settings = read_settings(own)
    if filename is not None:
        sink = FileSink(filename, _pipeline.format_of(settings._replace(colors=False), None))
        return _pipeline.Pipeline(settings, [sink])
    target = "stderr" if stream is None else stream
    return _pipeline.Pipeline(settings, [StreamSink(target, _pipeline.format_of(settings, target))])


class UnifiedFormatter(logging.Formatter):
    """The unified line, for any other handler: ``FileHandler``, ``RotatingFileHandler``, ``SysLogHandler``."""

    def __init__(self, app_id: Optional[str] = None, compact_context: bool = True, colors: bool = False) -> None:
        super().__init__()
        self._format = TextFormat(app_id, compact_context, colors)

    def format(self, record: logging.LogRecord) -> str:
        return self._format.line(parts_of(record))


class JsonFormatter(logging.Formatter):
    """The JSON line, for any other handler."""

    def __init__(self, app_id: Optional[str] = None, compact_context: bool = True) -> None:
        super().__init__()
        self._format = JsonFormat(app_id, compact_context)

    def format(self, record: logging.LogRecord) -> str:
        return self._format.line(parts_of(record))
