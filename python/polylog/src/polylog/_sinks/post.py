"""Requests over a connection that is kept."""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import re
import ssl
import time
from collections.abc import Mapping
from typing import NamedTuple, Optional
from urllib.parse import urlsplit

from .._problems import PolylogError

_LOOPBACK = re.compile(r"(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1)\Z")
_MOST_BODY = 64 * 1024
_LONGEST_WISH = 300.0
"""No server may silence us for longer, in seconds."""
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


class Answer(NamedTuple):
    status: int
    """0 when there was none; ``body`` then says why."""
    body: bytes
    retry_after: Optional[str]


class Poster:
    """Posts to one address. Redirects aren't followed: they would take the key elsewhere."""

    def __init__(self, url: str, headers: Mapping[str, str], timeout: float) -> None:
        self.url = url
        self._parts = urlsplit(url)
        self._headers = headers
        self._timeout = timeout
        self._connection: Optional[http.client.HTTPConnection] = None

    def post(self, body: bytes, deadline: Optional[float] = None) -> Answer:
        """Never raises. ``deadline`` is a time of ``time.monotonic``: nothing is waited for beyond it."""
        is_kept = self._connection is not None
        try:
            return self._try(body, deadline)
        except Exception as error:  # noqa: BLE001 - a host's name can fail as UnicodeError, too; the thread has to go on
            self.forget()
            if not is_kept:
                return _no_answer(error)
        # A kept connection that the server has closed meanwhile says nothing about the server.
        try:
            return self._try(body, deadline)
        except Exception as error:  # noqa: BLE001 - as above
            self.forget()
            return _no_answer(error)

    def forget(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()

    def _try(self, body: bytes, deadline: Optional[float]) -> Answer:
        connection = self._connection = self._connection or self._connect()
        self._limit(connection, deadline)
        path = self._parts.path or "/"
        if self._parts.query:
            path += f"?{self._parts.query}"
        connection.request("POST", path, body, dict(self._headers))
        self._limit(connection, deadline)
        response = connection.getresponse()
        text = response.read(_MOST_BODY)
        if response.read(1) or response.will_close:
            self.forget()
        return Answer(response.status, text, response.getheader("retry-after"))

    def _limit(self, connection: http.client.HTTPConnection, deadline: Optional[float]) -> None:
        seconds = self._timeout
        if deadline is not None:
            # 0 would be no time at all, which sockets take for another way of working.
            seconds = min(seconds, max(0.001, deadline - time.monotonic()))
        connection.timeout = seconds
        if connection.sock is not None:
            connection.sock.settimeout(seconds)

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "localhost", self._parts.port
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(host, port, timeout=self._timeout)


def _no_answer(error: Exception) -> Answer:
    return Answer(0, str(error).encode("utf-8", "replace") or type(error).__name__.encode(), None)


def checked_endpoint(endpoint: str, is_plain_allowed: bool) -> str:
    """The address, when it can be used. Raises PolylogError ``POLYLOG_E_ENDPOINT``."""
    try:
        parts = urlsplit(endpoint)
        _ = parts.port
    except ValueError:
        # Nothing is shown of it, nor of the error, which repeats parts: there may be a password in it.
        raise PolylogError("POLYLOG_E_ENDPOINT", "the endpoint is no URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PolylogError("POLYLOG_E_ENDPOINT", "the endpoint is no address that starts with https://")
    if parts.username is not None or parts.password is not None:
        place = parts.hostname
        raise PolylogError("POLYLOG_E_ENDPOINT", f"the endpoint at {place} has a user in it; give headers instead")
    if parts.scheme == "http" and not is_plain_allowed and not _LOOPBACK.match(parts.hostname):
        message = f"http://{parts.hostname} is not https, and the key would go there unprotected; use https, or"
        raise PolylogError("POLYLOG_E_ENDPOINT", f"{message} allow_insecure_endpoint=True if the network is safe")
    return endpoint


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, when HTTP can carry them. Raises PolylogError ``POLYLOG_E_CONFIG``."""
    for name, value in headers.items():
        if not _TOKEN.match(str(name)) or re.search(r"[\r\n\0]", str(value)) or not str(value).isascii():
            raise PolylogError("POLYLOG_E_CONFIG", f"the header {name!r} has a name or value that HTTP can't carry")
    return {str(name).lower(): str(value) for name, value in headers.items()}


def retry_after(header: Optional[str], now: float) -> Optional[float]:
    """Seconds that a ``Retry-After`` (RFC 9110, section 10.2.3) asks to wait; None when there is none to be read."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(_LONGEST_WISH, float(text[:9]))
    try:
        date = email.utils.parsedate_to_datetime(text)
        return min(_LONGEST_WISH, max(0.0, date.timestamp() - now))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
