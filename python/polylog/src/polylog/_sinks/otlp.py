"""Records to a server, by OTLP over HTTP, as JSON."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import platform
import random
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

from .. import _limits
from .._at_fork import renew_after_fork
from .._escape import utf8_json
from .._problems import tell
from .._record import Parts
from .._unified import Execution
from .._values import plain_value
from .post import Answer, Poster, retry_after

_PASSING = frozenset({429, 502, 503, 504})
"""OTLP specification, "OTLP/HTTP Response": all others are final."""
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 30.0
_MOST_BATCH = 4 * 1024 * 1024
_MOST_QUEUED = 64 * 1024 * 1024


class _Item(NamedTuple):
    scope: str
    text: str


class OtlpSink:
    """Gathers records and sends them from a thread of its own. Times are in seconds.

    What can't be sent is counted in ``dropped``: beyond ``max_queue_size`` the oldest, after ``retries`` tries the batch.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        resource: Mapping[str, Any],
        *,
        max_queue_size: int = 2_048,
        max_batch_size: int = 512,
        flush_interval: float = 1.0,
        retries: int = 5,
        timeout: float = 10.0,
        exit_timeout: float = 5.0,
    ) -> None:
        self.dropped = 0
        self._poster = Poster(url, {**headers, "content-type": "application/json"}, timeout)
        self._resource = dict(resource)
        self._max_queue_size = max_queue_size
        self._max_batch_size = max_batch_size
        self._flush_interval = flush_interval
        self._retries = retries
        self._exit_timeout = exit_timeout
        self._begin()
        renew_after_fork(self)
        atexit.register(self._at_exit)

    def _begin(self) -> None:
        self._queue: deque[_Item] = deque()
        self._queued = 0
        """Characters in the queue."""
        self._written = 0
        """Records that ever came."""
        self._sending = 0
        """Records of the request that is under way."""
        self._sending_from = 0
        """How many had come before the first of these."""
        self._changed = threading.Condition()
        self._is_urgent = False
        self._deadline: Optional[float] = None
        """Set while the process waits for its last records: no try begins after it."""
        self._ends_at: Optional[float] = None
        """Set from when the process ends: there may be no thread any more, and no other time to send."""
        self._is_open = False
        """From a record on until ``close``: the time for which there is a thread."""
        self._thread: Optional[threading.Thread] = None

    def after_fork(self) -> None:
        """The child has none of the parent's threads, and the parent still has its queue."""
        self._begin()
        self.dropped = 0
        self._poster.forget()

    def write(self, parts: Parts) -> None:
        item = _Item(parts.logger, log_record(parts))
        with self._changed:
            self._queue.append(item)
            self._written += 1
            self._queued += len(item.text)
            while len(self._queue) > self._max_queue_size or self._queued > _MOST_QUEUED:
                self._queued -= len(self._queue.popleft().text)
                self._lose(1, "the queue is full")
            if parts.level.number >= 40 or len(self._queue) >= self._max_batch_size:
                self._is_urgent = True
            if self._ends_at is not None:
                self.close(max(0.0, self._ends_at - time.monotonic()))
                return
            if not self._is_open:
                self._open()
            self._changed.notify_all()

    def flush(self, timeout: Optional[float] = None) -> bool:
        """Waits until all up to now is sent or counted as dropped; False when ``timeout`` is over before."""
        deadline = time.monotonic() + (self._exit_timeout if timeout is None else timeout)
        with self._changed:
            if self._thread is None or not self._thread.is_alive():
                return self._send_here(deadline)
            self._is_urgent = True
            self._changed.notify_all()
            # Of those that come meanwhile nobody has asked.
            upto = self._written
            while self._oldest() < upto:
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    return False
        return True

    def close(self, timeout: Optional[float] = None) -> None:
        """Flushes; what is left then is dropped and counted."""
        deadline = time.monotonic() + (self._exit_timeout if timeout is None else timeout)
        with self._changed:
            self._deadline = deadline
            self._changed.notify_all()
        self.flush(deadline - time.monotonic())
        with self._changed:
            if self._queue:
                self._lose(len(self._queue), "the server takes nothing, and the process ends")
                self._queue.clear()
                self._queued = 0
            # Whoever still logs begins anew.
            self._deadline = None
            self._is_open = False
            self._changed.notify_all()

    def _at_exit(self) -> None:
        self._ends_at = time.monotonic() + self._exit_timeout
        self.close(self._exit_timeout)

    def _oldest(self) -> int:
        """How many records had come before the oldest that is neither sent nor lost."""
        return self._sending_from if self._sending else self._written - len(self._queue)

    def _open(self) -> None:
        self._is_open = True
        processes = sys.modules.get("multiprocessing.util")
        if processes is not None:
            # Its children end without atexit before Python 3.13, and call these instead.
            processes.Finalize(None, self._at_exit, exitpriority=-100)
        if self._thread is not None and self._thread.is_alive():
            return
        thread = threading.Thread(target=self._run, name="polylog", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return  # The interpreter is ending; flush sends from where it is called.
        self._thread = thread

    def _run(self) -> None:
        changed = self._changed
        while True:
            with changed:
                changed.wait_for(lambda: self._queue or not self._is_open)
                if not self._queue:
                    self._thread = None
                    return
                changed.wait_for(lambda: self._is_urgent or self._deadline is not None, self._flush_interval)
                batch = self._take()
            if batch:
                self._deliver(batch)
            with changed:
                self._sending = 0
                if not self._queue:
                    self._is_urgent = False
                changed.notify_all()

    def _send_here(self, deadline: float) -> bool:
        """Called with the lock held; for when there is no thread, and none can be started."""
        self._deadline = deadline
        try:
            while self._queue and time.monotonic() < deadline:
                self._deliver(self._take(), is_locked=True)
                self._sending = 0
        finally:
            self._deadline = None
        return not self._queue

    def _take(self) -> list[_Item]:
        batch: list[_Item] = []
        size = 0
        while self._queue and len(batch) < self._max_batch_size:
            length = len(self._queue[0].text)
            if batch and size + length > _MOST_BATCH:
                break
            batch.append(self._queue.popleft())
            size += length
        self._queued -= size
        self._sending = len(batch)
        self._sending_from = self._written - len(self._queue) - len(batch)
        return batch

    def _deliver(self, batch: list[_Item], is_locked: bool = False) -> None:
        body = self._body(batch)
        attempt = 0
        while True:
            # Whoever waits for a thread waits no longer than it wants to; who sends here, as long as this takes.
            answer = self._poster.post(body, self._deadline if is_locked else None)
            if 200 <= answer.status < 300:
                rejected, reason = _partial_success(answer.body)
                if rejected:
                    self._lose(min(rejected, len(batch)), f"the server rejects some: {reason}")
                return
            is_passing = answer.status == 0 or answer.status in _PASSING
            if not is_passing or attempt >= self._retries:
                self._lose(len(batch), _reason(answer))
                return
            wait = retry_after(answer.retry_after, time.time())
            if wait is None:
                longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2**attempt)
                wait = longest / 2 + random.random() * longest / 2
            attempt += 1
            if not self._pause(wait, is_locked):
                self._lose(len(batch), _reason(answer))
                return

    def _pause(self, seconds: float, is_locked: bool) -> bool:
        """Waits for the next try; False when the process won't live to see it."""
        until = time.monotonic() + seconds
        with contextlib.nullcontext() if is_locked else self._changed:
            while True:
                now = time.monotonic()
                if self._deadline is not None and until > self._deadline:
                    return False
                if now >= until:
                    return True
                if is_locked:
                    time.sleep(until - now)
                else:
                    self._changed.wait(until - now)

    def _body(self, batch: list[_Item]) -> bytes:
        scopes: dict[str, list[str]] = {}
        for scope, text in batch:
            scopes.setdefault(scope, []).append(text)
        logs = ",".join(
            f'{{"scope":{_json({"name": scope})},"logRecords":[{",".join(texts)}]}}' for scope, texts in scopes.items()
        )
        resource = _json({"attributes": _key_values({**_process_attributes(), **self._resource})})
        return f'{{"resourceLogs":[{{"resource":{resource},"scopeLogs":[{logs}]}}]}}'.encode()

    def _lose(self, records: int, reason: str) -> None:
        self.dropped += records
        tell("POLYLOG_E_SINK", self._poster.url, f"records for {self._poster.url} are lost: {reason}")


def log_record(parts: Parts) -> str:
    """A record as ``LogRecord`` of OTLP's JSON. Written at once: what its fields hold may change until it is sent."""
    nanoseconds = int(parts.created * 1e6 + 0.5) * 1000
    attributes = dict(plain_value(parts.fields)) if parts.fields else {}
    if parts.error is not None:
        attributes.setdefault("exception.type", parts.error.name)
        attributes.setdefault("exception.message", parts.error.message)
        attributes.setdefault("exception.stacktrace", parts.error.stack)
    if parts.stack_info:
        attributes.setdefault("code.stacktrace", _limits.limited(parts.stack_info))
    for name, id in zip(Execution._fields, parts.execution or ()):
        if id:
            attributes.setdefault(name, id)
    record: dict[str, Any] = {
        "timeUnixNano": str(nanoseconds),
        "observedTimeUnixNano": str(time.time_ns()),
        "severityNumber": parts.level.otlp_number,
        "severityText": parts.level.otlp_text,
        "body": {"stringValue": _limits.limited(parts.message)},
        "attributes": _key_values(attributes),
    }
    if parts.trace is not None:
        record["traceId"] = parts.trace.trace_id
        record["spanId"] = parts.trace.span_id
        record["flags"] = parts.trace.trace_flags
    return _json(record)


def _key_values(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _any_value(value)} for name, value in fields.items()]


def _any_value(value: Any) -> dict[str, Any]:
    """``AnyValue`` of opentelemetry/proto/common/v1; 64-bit integers are texts in JSON, no value is ``{}``."""
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": _key_values(value)}}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_any_value(inner) for inner in value]}}
    return {"stringValue": str(value)}


def _json(value: Any) -> str:
    return utf8_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _process_attributes() -> dict[str, Any]:
    return {
        "service.name": f"unknown_service:{os.path.basename(sys.executable or 'python')}",
        "telemetry.sdk.name": "polylog",
        "telemetry.sdk.language": "python",
        "host.name": socket.gethostname(),
        "process.pid": os.getpid(),
        "process.runtime.name": platform.python_implementation().lower(),
        "process.runtime.version": platform.python_version(),
    }


def _partial_success(body: bytes) -> tuple[int, str]:
    """What ``ExportLogsServiceResponse`` says of records that were not taken; some answer in other words."""
    try:
        said = json.loads(body).get("partialSuccess") or {}
        return max(0, int(said.get("rejectedLogRecords") or 0)), str(said.get("errorMessage", ""))[:200]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return 0, ""


def _reason(answer: Answer) -> str:
    words = "".join(c if c.isprintable() else " " for c in answer.body[:200].decode("utf-8", "replace"))
    if answer.status == 0:
        return f"the server can't be reached: {words}"
    if answer.status < 400:
        return f"the server redirects ({answer.status}), which is not followed; give its final address"
    return f"the server answers {answer.status}: {words}"
