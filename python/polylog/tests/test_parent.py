import json
import os
import signal
import socket
import tempfile
import threading
import unittest

from .support import run_program

START = "import logging, polylog\npolylog.install()\n"


class Pipe:
    """A pipe to a child, read until all its ends are closed."""

    def __init__(self):
        self.read_end, self.write_end = os.pipe()
        self.data = b""
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        while True:
            chunk = os.read(self.read_end, 65536)
            if not chunk:
                break
            self.data += chunk

    def run(self, program, **options):
        environment = {"POLYLOG_FD": str(self.write_end), **options.pop("environment", {})}
        result = run_program(program, environment=environment, pass_fds=(self.write_end,), **options)
        os.close(self.write_end)
        self._thread.join()
        os.close(self.read_end)
        return result

    def frames(self):
        return [json.loads(line) for line in self.data.decode().splitlines()]


@unittest.skipIf(os.name == "nt", "descriptors aren't inherited by number here")
class ParentTest(unittest.TestCase):
    def test_records_go_to_the_parent_and_nowhere_else(self):
        pipe = Pipe()
        result = pipe.run(
            START + "logging.getLogger('a.b').warning('m\\n\\ud800', extra={'order': 17}); polylog.info('direct')",
            environment={"POLYLOG_ENDPOINT": "http://127.0.0.1:1", "POLYLOG_FILE": "/nowhere/x"},
        )
        self.assertEqual(result.stderr, "")
        first, second = pipe.frames()
        self.assertEqual((first["logger"], first["severity"], first["metadata"]), ("a.b", "WARNING", {"order": 17}))
        self.assertNotIn("text", first)
        self.assertRegex(first["timestamp"], r"\.\d{6}Z$")
        self.assertEqual(second["message"], "direct")

    def test_a_crash_loses_nothing(self):
        pipe = Pipe()
        program = START + "import os\nfor i in range(5000): logging.info('burst')\nos.kill(os.getpid(), 9)"
        self.assertEqual(pipe.run(program, check=False).returncode, -signal.SIGKILL)
        self.assertEqual(len(pipe.frames()), 5000)

    def test_frames_of_threads_and_forks_stay_whole(self):
        pipe = Pipe()
        pipe.run(
            START
            + """
import os, threading
def work(length):
    for i in range(100): polylog.info("x" * length)
# The kernel writes up to 4,096 bytes in one piece; more is for the package to keep together.
threads = [threading.Thread(target=work, args=[20_000]) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
children = [os.fork() for _ in range(2)]
work(3_000)
if 0 in children: os._exit(0)
for child in children: os.waitpid(child, 0)
"""
        )
        self.assertEqual(len(pipe.frames()), 800)

    def test_a_signals_handler_may_log_while_its_thread_does(self):
        pipe = Pipe()
        program = """
import signal
handled = []
def handle(*_):
    # A handler may be interrupted by the next: += would lose count.
    handled.append(1)
    logging.info("handled")
signal.signal(signal.SIGALRM, handle)
signal.setitimer(signal.ITIMER_REAL, 0.0003, 0.0003)
for i in range(3000): logging.info("main")
signal.setitimer(signal.ITIMER_REAL, 0)
print(len(handled))
"""
        handled = int(pipe.run(START + program).stdout)
        said = [frame["message"] for frame in pipe.frames()]
        self.assertGreater(handled, 10)
        self.assertEqual((said.count("main"), said.count("handled")), (3000, handled))

    def test_a_parent_that_is_gone_leaves_standard_error(self):
        parent, child = socket.socketpair()
        parent.close()
        result = run_program(
            START + "logging.info('a'); logging.info('b')",
            environment={"POLYLOG_FD": str(child.fileno())},
            pass_fds=(child.fileno(),),
        )
        child.close()
        self.assertIn("the parent takes no more records", result.stderr)
        self.assertIn("[P] root a\n", result.stderr)
        self.assertIn("[P] root b\n", result.stderr)

    def test_what_is_started_from_here_finds_no_descriptor(self):
        pipe = Pipe()
        program = """
import polylog, os, subprocess
script = "echo [$POLYLOG_FD]; (echo leak >&$TEST_FD) 2>/dev/null || echo closed"
print(subprocess.run(["bash", "-c", script], capture_output=True, text=True, close_fds=False).stdout)
"""
        result = pipe.run(program, environment={"TEST_FD": str(pipe.write_end)})
        self.assertEqual((result.stdout.split(), pipe.data), (["[]", "closed"], b""))

    def test_a_descriptor_that_leads_elsewhere_is_told_and_left_alone(self):
        with tempfile.TemporaryFile() as file:
            for text in ("x", "1", "-5", "999", "99999999999999999999", str(file.fileno())):
                with self.subTest(text):
                    result = run_program(
                        START + "logging.info('m')",
                        environment={"POLYLOG_FD": text},
                        pass_fds=(file.fileno(),),
                    )
                    self.assertIn("POLYLOG_FD=", result.stderr)
                    self.assertIn("[P] root m\n", result.stderr)
            file.seek(0)
            self.assertEqual(file.read(), b"")


if __name__ == "__main__":
    unittest.main()
