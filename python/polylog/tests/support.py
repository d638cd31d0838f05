"""What tests share: programs in processes of their own, loggers apart, servers that answer as they are told."""

import contextlib
import http.server
import io
import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from polylog import PolylogHandler

SOURCE = str(Path(__file__).parents[1] / "src")
_LIMIT = 60


def run_program(program, *, environment=None, pass_fds=(), check=True):
    """Runs a program of Python with the package; what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POLYLOG_", "OTEL_"))}
    result = subprocess.run(
        [sys.executable, "-c", program],
        env={**kept, "PYTHONPATH": SOURCE, "NO_COLOR": "1", **(environment or {})},
        pass_fds=pass_fds,
        capture_output=True,
        encoding="utf-8",
        timeout=_LIMIT,
    )
    if check and result.returncode != 0:
        raise AssertionError(f"ended with {result.returncode}:\n{result.stderr}")
    return result


class LoggerTestMixin:
    """A logger of its own for each test, that goes nowhere else."""

    def logger(self, **options):
        stream = io.StringIO()
        handler = PolylogHandler(stream=stream, **options)
        logger = logging.getLogger(f"test.{self.id()}")
        logger.propagate = False
        logger.setLevel(1)
        logger.handlers = [handler]
        self.addCleanup(handler.close)
        return logger, stream

    def json_lines(self, stream):
        return [json.loads(line) for line in stream.getvalue().splitlines()]


class ScriptedServer:
    """Answers one request after another as told: status, headers, body; 200 from then on."""

    def __init__(self, *answers, port=0):
        self.requests = []
        self._answers = list(answers)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.requests.append((time.monotonic(), self.path, dict(self.headers.items()), json.loads(body)))
                status, headers, text = outer._answers.pop(0) if outer._answers else (200, {}, b"{}")
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
                # Without a word of it, as a server does that has waited long enough.
                self.close_connection = self.close_connection or "x-closes" in headers

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def bodies(self):
        """What the records said, in the order in which they came."""
        return [record["body"]["stringValue"] for record in self.records]

    @property
    def records(self):
        return [
            record
            for _, _, _, body in self.requests
            for resource in body["resourceLogs"]
            for scope in resource["scopeLogs"]
            for record in scope["logRecords"]
        ]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def wait_until(condition, limit=10):
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited too long")
        time.sleep(0.005)


def attributes_of(record):
    return {each["key"]: next(iter(each["value"].values()), None) for each in record["attributes"]}


@contextlib.contextmanager
def standard_error():
    """What is written to standard error meanwhile."""
    before, sys.stderr = sys.stderr, io.StringIO()
    try:
        yield sys.stderr
    finally:
        sys.stderr = before
