"""One log for every runtime: Python's side of Polylog.

>>> import logging, polylog
>>> polylog.install()
>>> logging.getLogger("myapp.billing").info("paid", extra={"order_id": 17})
"""

from ._context import child_environment, context, continue_context
from ._direct import (
    debug,
    dropped_log_count,
    error,
    fatal,
    flush,
    info,
    init,
    install,
    set_filter,
    set_log_level,
    shutdown,
    trace,
    warn,
)
from ._handler import JsonFormatter, PolylogHandler, UnifiedFormatter
from ._levels import (
    LOG_LEVEL_DEBUG,
    LOG_LEVEL_ERROR,
    LOG_LEVEL_INFO,
    LOG_LEVEL_OFF,
    LOG_LEVEL_TRACE,
    LOG_LEVEL_WARN,
    TRACE,
)
from ._problems import PolylogError
from ._trace import TraceIds

__version__ = "0.1.0"

__all__ = [
    "LOG_LEVEL_DEBUG",
    "LOG_LEVEL_ERROR",
    "LOG_LEVEL_INFO",
    "LOG_LEVEL_OFF",
    "LOG_LEVEL_TRACE",
    "LOG_LEVEL_WARN",
    "TRACE",
    "JsonFormatter",
    "PolylogError",
    "PolylogHandler",
    "TraceIds",
    "UnifiedFormatter",
    "child_environment",
    "context",
    "continue_context",
    "debug",
    "dropped_log_count",
    "error",
    "fatal",
    "flush",
    "info",
    "init",
    "install",
    "set_filter",
    "set_log_level",
    "shutdown",
    "trace",
    "warn",
]
