"""The way of a record from a call to where it goes. A process has one."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping
from typing import Any, Callable, Optional, Union

from . import _context
from ._lines import FrameFormat, JsonFormat, TextFormat
from ._problems import tell
from ._record import Parts, parts_of
from ._settings import Settings, is_colorful, pairs, read_settings
from ._sinks.otlp import OtlpSink
from ._sinks.parent import ParentSink, take_descriptor
from ._sinks.post import checked_endpoint, checked_headers
from ._sinks.stream import FileSink, StreamSink
from ._values import text_of

GlobalMetadata = Union[Mapping[str, Any], Callable[[], Optional[Mapping[str, Any]]], None]
Sink = Union[StreamSink, ParentSink, OtlpSink]

_asking = threading.local()


class Pipeline:
    """Where records go, and what is added to each."""

    def __init__(self, settings: Settings, sinks: list[Sink], global_metadata: GlobalMetadata = None) -> None:
        self.settings = settings
        self.sinks = sinks
        self._global_metadata = global_metadata

    def emit(self, record: logging.LogRecord) -> None:
        self.write(parts_of(record, None if self._global_metadata is None else self.global_fields()))

    def write(self, parts: Parts) -> None:
        for sink in self.sinks:
            sink.write(parts)

    def global_fields(self) -> Optional[Mapping[str, Any]]:
        """Never raises: a function that fails is told of once, and the record goes without it."""
        source = self._global_metadata
        if not callable(source):
            return source
        if getattr(_asking, "is_on", False):
            return None  # What the asking itself logs.
        _asking.is_on = True
        try:
            fields = source()
            if fields is None or isinstance(fields, Mapping):
                return fields
            reason = "it gave no mapping"
        except Exception as error:  # noqa: BLE001 - the application's own function
            reason = text_of(error)
        finally:
            _asking.is_on = False
        tell("POLYLOG_E_METADATA", "global_metadata", f"global_metadata failed, records go without it: {reason}")
        return None

    def flush(self, timeout: Optional[float] = None) -> bool:
        deadline = None if timeout is None else time.monotonic() + timeout
        return all([sink.flush(_left(deadline)) for sink in self.sinks])

    def close(self, timeout: Optional[float] = None) -> None:
        deadline = None if timeout is None else time.monotonic() + timeout
        for sink in self.sinks:
            sink.close(_left(deadline))

    @property
    def dropped(self) -> int:
        return sum(sink.dropped for sink in self.sinks)


def _left(deadline: Optional[float]) -> Optional[float]:
    return None if deadline is None else max(0.0, deadline - time.monotonic())


_descriptor: Optional[int] = take_descriptor(os.environ)
_context.adopt_environment()
_current: Optional[Pipeline] = None
_dropped_before = 0


def current() -> Pipeline:
    """The pipeline of this process; the first time it is made as the environment says."""
    return _current or configure()


def configure(console: bool = True, global_metadata: GlobalMetadata = None, **given: Any) -> Pipeline:
    """Replaces it. Raises PolylogError for what can't be used; then all stays as it was."""
    global _current, _dropped_before
    settings = read_settings(given)
    pipeline = Pipeline(settings, _sinks_of(settings, console, given), global_metadata)
    before, _current = _current, pipeline
    if before is not None:
        before.close()
        _dropped_before += before.dropped
    return pipeline


def dropped() -> int:
    return _dropped_before + (0 if _current is None else _current.dropped)


def format_of(settings: Settings, stream: Any) -> Union[TextFormat, JsonFormat]:
    if settings.format == "json":
        return JsonFormat(settings.app_id, settings.compact_context)
    return TextFormat(settings.app_id, settings.compact_context, is_colorful(stream, settings.colors))


def _sinks_of(settings: Settings, console: bool, given: Mapping[str, Any]) -> list[Sink]:
    stream = StreamSink(settings.stream or "stderr", format_of(settings, settings.stream or "stderr"))
    if _descriptor is not None:
        # The parent writes and ships; a second way would bring each record twice.
        return [ParentSink(_descriptor, stream, FrameFormat(settings.app_id, settings.compact_context))]
    sinks: list[Sink] = []
    if settings.file is not None:
        try:
            sinks.append(FileSink(settings.file, format_of(settings._replace(colors=False), None)))
        except OSError as error:
            tell("POLYLOG_E_CONFIG", "POLYLOG_FILE", f"POLYLOG_FILE={settings.file} can't be opened: {error}")
    if console and (settings.stream is not None or not sinks):
        sinks.append(stream)
    if settings.endpoint is not None or settings.api_key is not None:
        sinks.append(_otlp_sink(settings, given))
    return sinks


_OTLP_OPTIONS = ("max_queue_size", "max_batch_size", "flush_interval", "retries", "timeout", "exit_timeout")


def _otlp_sink(settings: Settings, given: Mapping[str, Any]) -> OtlpSink:
    base = (settings.endpoint or "http://localhost:4318").rstrip("/")
    is_plain_allowed = settings.api_key is None or bool(given.get("allow_insecure_endpoint"))
    url = checked_endpoint(base if base.endswith("/v1/logs") else f"{base}/v1/logs", is_plain_allowed)
    headers = {**pairs("OTEL_EXPORTER_OTLP_HEADERS"), **(given.get("headers") or {})}
    if settings.api_key is not None:
        headers["authorization"] = f"Bearer {settings.api_key}"
    service_name = given.get("service_name") or os.environ.get("OTEL_SERVICE_NAME") or settings.app_id
    resource = {
        **pairs("OTEL_RESOURCE_ATTRIBUTES"),
        **({"service.name": service_name} if service_name else {}),
        **({"deployment.environment.name": settings.environment} if settings.environment else {}),
        **(given.get("resource") or {}),
    }
    options = {name: given[name] for name in _OTLP_OPTIONS if given.get(name) is not None}
    return OtlpSink(url, checked_headers(headers), resource, **options)
