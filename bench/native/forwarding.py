"""What CPU a record of Rust takes until it is with Python's `logging`, by libraries that forward each by itself.

Prints the nanoseconds of a record. Arguments: which library, its number of records, and for pyo3-log the folder of the module.
"""

import importlib
import json
import logging
import sys
import time


class Nothing(logging.Handler):
    """Takes records and does nothing with them, not even what `logging` does to hand them on."""

    taken = 0

    def handle(self, record):
        Nothing.taken += 1
        return True


def seconds_of(work):
    started = time.process_time()
    work()
    return time.process_time() - started


def pyo3_log(records, folder):
    sys.path.insert(0, folder)
    module = importlib.import_module("polylog_bench_pyo3_log")
    module.install()
    module.flood(10_000)
    Nothing.taken = 0
    return seconds_of(lambda: module.flood(records))


def aerospike_py(records):
    """A question to its client that makes it log one record and do next to nothing else; what it costs without is taken off."""
    library = importlib.import_module("aerospike_py")
    client = library.client({"hosts": [("127.0.0.1", 1)]})

    def ask():
        for _ in range(records):
            client.is_connected()

    library.set_log_level(library.LOG_LEVEL_TRACE)
    client.is_connected()
    Nothing.taken = 0
    wanted = seconds_of(ask)
    logging.getLogger().setLevel(logging.CRITICAL + 1)
    return wanted - seconds_of(ask)


def main():
    name, records, *rest = sys.argv[1:]
    logging.basicConfig(level=1, handlers=[Nothing()])
    work = {"pyo3-log": pyo3_log, "aerospike-py": aerospike_py}[name]
    seconds = work(int(records), *rest)
    print(json.dumps({"ns": seconds / int(records) * 1e9, "taken": Nothing.taken}))


main()
