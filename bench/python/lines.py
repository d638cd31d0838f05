"""Seconds that a number of log calls takes into the null device: `lines.py HANDLER CALL COUNT`, one JSON object."""

import json
import logging
import sys
import time

import polylog

UNIFIED = "%(asctime)s.%(msecs)03dZ %(levelname)-5s [P] %(name)s %(message)s"


def standard_handler(stream):
    """The unified line as well as the standard library's own formatter can make it."""
    handler = logging.StreamHandler(stream)
    formatter = logging.Formatter(UNIFIED, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    return handler


HANDLERS = {
    "standard": standard_handler,
    "polylog": lambda stream: polylog.PolylogHandler(stream=stream),
    "polylog json": lambda stream: polylog.PolylogHandler(stream=stream, format="json"),
}
EXTRA = {"order_id": 17, "customer": "Ann B", "amount": 99.5, "is_first": True, "region": "eu"}
CALLS = {
    "message": lambda log: log.info("card declined"),
    "arguments": lambda log: log.info("card of %s declined by %s", "Ann", "bank"),
    "five fields": lambda log: log.info("card declined", extra=EXTRA),
}


def main(handler, call, count):
    with open("/dev/null", "w", encoding="utf-8") as stream:
        log = logging.getLogger("myapp.billing")
        log.propagate = False
        log.setLevel(logging.INFO)
        log.addHandler(HANDLERS[handler](stream))
        work = CALLS[call]
        for _ in range(2_000):
            work(log)
        start = time.perf_counter()
        for _ in range(count):
            work(log)
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
