"""Calls without ``logging``, and how all is set up."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from typing import Any, Optional, Union

from . import _context, _pipeline, _uncaught
from ._directives import parse_directives
from ._handler import PolylogHandler
from ._levels import TRACE, level_of, to_number
from ._problems import PolylogError, tell
from ._record import Parts, describe_error
from ._trace import active_trace
from ._values import text_of

ROOT = "root"

_threshold: Optional[int] = None
"""Of the direct calls."""
_levelled: set[str] = set()
"""Loggers whose level a filter has set."""


def init(
    *,
    api_key: Optional[str] = None,
    endpoint: Optional[str] = None,
    environment: Optional[str] = None,
    app_id: Optional[str] = None,
    level: Union[str, int, None] = None,
    filter: Optional[str] = None,
    format: Optional[str] = None,
    stream: Optional[str] = None,
    colors: Optional[bool] = None,
    compact_context: Optional[bool] = None,
    console: bool = True,
    global_metadata: _pipeline.GlobalMetadata = None,
    capture_errors: bool = True,
    service_name: Optional[str] = None,
    resource: Optional[Mapping[str, Any]] = None,
    headers: Optional[Mapping[str, str]] = None,
    allow_insecure_endpoint: bool = False,
    flush_interval: Optional[float] = None,
    max_queue_size: Optional[int] = None,
    max_batch_size: Optional[int] = None,
    retries: Optional[int] = None,
    timeout: Optional[float] = None,
    exit_timeout: Optional[float] = None,
) -> None:
    """Says where records go; what is not given comes from ``POLYLOG_`` variables. Times are in seconds.

    With an ``endpoint`` records are sent there by OTLP over HTTP, beside standard error. A process that ``polylog/processes``
    has started hands its records to its parent instead. Raises PolylogError for what can't be used.

    >>> polylog.init(endpoint="https://logs.example.com", api_key="…", environment="production")
    """
    global _threshold
    given = {name: value for name, value in locals().items() if name != "capture_errors"}
    pipeline = _pipeline.configure(**given)
    _threshold = _levels_of(pipeline).get("", pipeline.settings.level)
    if capture_errors:
        _uncaught.capture()
    else:
        _uncaught.release()


def install(**options: Any) -> None:
    """``init``, and all of ``logging`` besides: a handler on the root logger, and the levels that are configured.

    >>> polylog.install(app_id="shop", filter="info,myapp.billing=debug")
    """
    init(**options)
    root = logging.getLogger()
    if not any(isinstance(handler, PolylogHandler) for handler in root.handlers):
        root.addHandler(PolylogHandler())
    if logging.getLevelName(TRACE) == f"Level {TRACE}":
        logging.addLevelName(TRACE, "TRACE")
    pipeline = _pipeline.current()
    _set_levels(pipeline.settings.level, _levels_of(pipeline))


def set_log_level(level: Union[str, int]) -> None:
    """The level of all loggers that say nothing else: a name, a ``LOG_LEVEL_`` constant, a number of ``logging``."""
    global _threshold
    number = to_number(level)
    if number is None:
        raise PolylogError("POLYLOG_E_CONFIG", f"set_log_level({level!r}): there is no such level")
    _threshold = number
    logging.getLogger().setLevel(number)


def set_filter(directives: str) -> None:
    """The levels of loggers, as ``warn,myapp.billing=debug``. Those of a filter before are taken back."""
    global _threshold
    levels = _directives(directives)
    _threshold = levels.get("", _pipeline.current().settings.level)
    _set_levels(_threshold, levels)


def _levels_of(pipeline: _pipeline.Pipeline) -> dict[str, int]:
    return _directives(pipeline.settings.filter)


def _directives(text: str) -> dict[str, int]:
    levels, errors = parse_directives(text)
    for error in errors:
        tell("POLYLOG_E_FILTER", error, f"a part of the filter was left out: {error}")
    return levels


def _set_levels(default: int, levels: Mapping[str, int]) -> None:
    for name in _levelled.difference(levels):
        logging.getLogger(name).setLevel(logging.NOTSET)
    _levelled.clear()
    logging.getLogger().setLevel(levels.get("", default))
    for name, level in levels.items():
        if name:
            logging.getLogger(name).setLevel(level)
            _levelled.add(name)


def trace(message: str, metadata: Optional[Mapping[str, Any]] = None, exc_info: Any = None) -> None:
    _log(TRACE, message, metadata, exc_info)


def debug(message: str, metadata: Optional[Mapping[str, Any]] = None, exc_info: Any = None) -> None:
    _log(logging.DEBUG, message, metadata, exc_info)


def info(message: str, metadata: Optional[Mapping[str, Any]] = None, exc_info: Any = None) -> None:
    _log(logging.INFO, message, metadata, exc_info)


def warn(message: str, metadata: Optional[Mapping[str, Any]] = None, exc_info: Any = None) -> None:
    _log(logging.WARNING, message, metadata, exc_info)


def error(message: str, metadata: Optional[Mapping[str, Any]] = None, exc_info: Any = None) -> None:
    """``exc_info`` takes an exception, or True for the one that is being handled.

    >>> polylog.error("task crashed", metadata={"task": "ingest"}, exc_info=error)
    """
    _log(logging.ERROR, message, metadata, exc_info)


def fatal(message: str, metadata: Optional[Mapping[str, Any]] = None, exc_info: Any = None) -> None:
    """The application can't go on. Doesn't end the process."""
    _log(logging.CRITICAL, message, metadata, exc_info)


def flush(timeout: Optional[float] = None) -> bool:
    """Waits until all records up to now are where they belong, or counted; False when ``timeout`` seconds are over before."""
    return _pipeline.current().flush(timeout)


def shutdown(timeout: Optional[float] = None) -> None:
    """Flushes; what a server has not taken then is dropped and counted."""
    _pipeline.current().close(timeout)


def dropped_log_count() -> int:
    """Records that got lost since the start."""
    return _pipeline.dropped()


def _log(number: int, message: Any, metadata: Optional[Mapping[str, Any]], exc_info: Any) -> None:
    """Never raises."""
    pipeline = _pipeline.current()
    if number < (pipeline.settings.level if _threshold is None else _threshold):
        return
    try:
        pipeline.write(direct_parts(pipeline, ROOT, number, message, metadata, exc_info))
    except Exception as failure:  # noqa: BLE001 - what logs must not take the application down
        tell("POLYLOG_E_SINK", "direct", f"a record is lost: {text_of(failure)}")


def direct_parts(
    pipeline: _pipeline.Pipeline,
    logger: str,
    number: int,
    message: Any,
    metadata: Optional[Mapping[str, Any]],
    exc_info: Any,
) -> Parts:
    context = _context.active()
    layers = (pipeline.global_fields(), None if context is None else context.fields, _fields_of(metadata))
    fields: dict[str, Any] = {}
    for layer in layers:
        if layer:
            fields.update(layer)
    return Parts(
        created=time.time(),
        level=level_of(number),
        logger=logger,
        message=message if isinstance(message, str) else text_of(message),
        fields=fields or None,
        error=_error_parts(exc_info),
        stack_info=None,
        execution=None if context is None else context.execution,
        trace=active_trace() or (None if context is None else context.trace),
    )


def _fields_of(metadata: Any) -> Optional[Mapping[str, Any]]:
    """What is no mapping is kept under a name: the record must not be lost by it."""
    if metadata is None or isinstance(metadata, Mapping):
        return metadata
    tell("POLYLOG_E_METADATA", "metadata", f"metadata is no mapping but {type(metadata).__name__}, it goes as value=")
    return {"value": metadata}


def _error_parts(exc_info: Any) -> Any:
    if isinstance(exc_info, BaseException):
        return describe_error(exc_info)
    if isinstance(exc_info, tuple) and len(exc_info) == 3:
        return describe_error(exc_info[1], exc_info[2])
    return describe_error(sys.exc_info()[1]) if exc_info else None
