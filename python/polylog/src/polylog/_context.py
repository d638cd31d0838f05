"""What is known of the work that records are made in."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Optional

from ._fields import json_value
from ._trace import active_trace, parse_traceparent, trace_of
from ._unified import Execution
from ._values import text_of

TRACEPARENT = "TRACEPARENT"
CONTEXT = "POLYLOG_CONTEXT"
_LONGEST = 16 * 1024
"""Characters of a context that is handed on; an environment has little room."""
_IDS = ("runner", "worker", "invocation", "task")


class ActiveContext:
    """A context, merged of all around it. Made once, asked for by each record."""

    __slots__ = ("values", "execution", "trace", "fields")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.execution = _execution_of(values)
        self.trace = trace_of(values.get("trace"))
        own = _IDS if self.trace is None else (*_IDS, "trace")
        self.fields = {name: value for name, value in values.items() if name not in own} or None


_current: ContextVar[Optional[ActiveContext]] = ContextVar("polylog", default=None)
_ambient: Optional[ActiveContext] = None


def active() -> Optional[ActiveContext]:
    # A new thread starts without the context of the one that started it.
    return _current.get() or _ambient


@contextlib.contextmanager
def context(**values: Any) -> Iterator[None]:
    """Records made within carry this, however deep and asynchronous; contexts nest.

    ``runner`` (an id, or ``{"class": …, "id": …}``), ``worker``, ``invocation`` and ``task`` have a place of their own,
    ``trace`` takes a ``traceparent``; everything else is a field.

    >>> with context(invocation="run-1", task="send", tenant="acme"):
    ...     logging.getLogger("myapp.mail").info("sent")
    """
    outer = active()
    merged = dict(values) if outer is None else {**outer.values, **values}
    token = _current.set(ActiveContext(merged))
    try:
        yield
    finally:
        # Frameworks leave generators in another context than they entered them in; that one is gone by itself.
        with contextlib.suppress(ValueError):
            _current.reset(token)


def continue_context(carrier: Mapping[str, str]) -> contextlib.AbstractContextManager[None]:
    """The context that another process has handed over, as ``child_environment`` wrote it. Never raises for what is malformed.

    >>> with continue_context(message["context"]):
    ...     handle(message)
    """
    return context(**_carried(carrier))


def child_environment() -> dict[str, str]:
    """Variables by which a child process carries on this context and its trace: ``TRACEPARENT``, ``POLYLOG_CONTEXT``.

    >>> subprocess.run([...], env={**os.environ, **child_environment()})
    """
    now = active()
    variables = {}
    trace = active_trace() or (None if now is None else now.trace)
    if trace is not None:
        variables[TRACEPARENT] = trace.traceparent
    values = {} if now is None else {name: value for name, value in now.values.items() if name != "trace"}
    for given in (values, {name: values[name] for name in _IDS if name in values}):
        text = json_value(given)
        if given and len(text) <= _LONGEST:
            variables[CONTEXT] = text
            break
    return variables


def adopt_environment(environment: Mapping[str, str] = os.environ) -> None:
    """Makes the context that the environment names the one of all work that has no other."""
    global _ambient
    carried = _carried(environment)
    _ambient = ActiveContext(carried) if carried else None


def _carried(carrier: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    text = carrier.get(CONTEXT)
    if isinstance(text, str) and len(text) <= 4 * _LONGEST:
        with contextlib.suppress(ValueError, RecursionError):
            given = json.loads(text)
            if isinstance(given, dict):
                values.update(given)
    values.pop("trace", None)
    trace = parse_traceparent(carrier.get(TRACEPARENT) or carrier.get("traceparent"))
    if trace is not None:
        values["trace"] = trace
    return values


def _execution_of(values: Mapping[str, Any]) -> Optional[Execution]:
    runner, worker, invocation, task = (values.get(name) for name in _IDS)
    if not (runner or worker or invocation or task):
        return None
    kind, runner_id = (runner.get("class"), runner.get("id")) if isinstance(runner, Mapping) else (None, runner)
    return Execution(*(None if id is None else text_of(id) for id in (kind, runner_id, worker, invocation, task)))
