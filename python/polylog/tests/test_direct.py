import unittest

from .support import run_program

START = "import logging, polylog\n"


def lines(program, **options):
    """What was logged, without times."""
    return [line.split("Z ", 1)[-1] for line in run_program(START + program, **options).stderr.splitlines()]


class DirectTest(unittest.TestCase):
    def test_calls_have_levels_and_metadata(self):
        program = """
polylog.init(level="trace")
polylog.trace("a"); polylog.debug("b", metadata={"key": "user:42"}); polylog.info("c"); polylog.warn("d")
polylog.error("e"); polylog.fatal("f", metadata={"message": "own", "name": "x"})
"""
        self.assertEqual(
            lines(program),
            [
                "TRACE [P] root a",
                "DEBUG [P] root b key=user:42",
                "INFO  [P] root c",
                "WARN  [P] root d",
                "ERROR [P] root e",
                "CRIT  [P] root f message=own name=x",
            ],
        )

    def test_metadata_that_is_no_mapping_is_kept_and_told_of_once(self):
        program = """
polylog.init()
polylog.info("a", metadata="text"); polylog.info("b", metadata=7)
"""
        self.assertEqual(
            lines(program),
            [
                "polylog: metadata is no mapping but str, it goes as value= [POLYLOG_E_METADATA]",
                "INFO  [P] root a value=text",
                "INFO  [P] root b value=7",
            ],
        )

    def test_an_exception_is_given_or_the_one_being_handled(self):
        program = """
polylog.init()
try:
    1 / 0
except ZeroDivisionError as error:
    caught = error
    polylog.error("handled", exc_info=True)
polylog.error("given", exc_info=caught)
polylog.error("none", exc_info=True)
"""
        said = lines(program)
        self.assertEqual(said.count("    ZeroDivisionError: division by zero"), 2)
        self.assertEqual(said[-1], "ERROR [P] root none")

    def test_global_metadata_is_below_all_and_fails_once(self):
        program = """
polylog.init(global_metadata=lambda: {"user": "u", "route": "/"})
logging.getLogger().addHandler(polylog.PolylogHandler())
polylog.info("a", metadata={"route": "/own"})
logging.warning("b", extra={"route": "/own"})
def failing():
    logging.warning("asked")
    raise RuntimeError("no user")
polylog.init(global_metadata=failing)
polylog.info("c"); polylog.info("d")
polylog.init(global_metadata=lambda: 7)
polylog.info("e")
"""
        self.assertEqual(
            lines(program),
            [
                "INFO  [P] root a user=u route=/own",
                "WARN  [P] root b user=u route=/own",
                "WARN  [P] root asked",
                "polylog: global_metadata failed, records go without it: no user [POLYLOG_E_METADATA]",
                "INFO  [P] root c",
                "WARN  [P] root asked",
                "INFO  [P] root d",
                "INFO  [P] root e",
            ],
        )

    def test_levels_change_while_it_runs(self):
        program = """
polylog.install()
def all_of(text):
    polylog.debug(f"direct {text}")
    logging.getLogger("a.b").debug(f"logging {text}")
all_of("hidden")
polylog.set_log_level(polylog.LOG_LEVEL_DEBUG); all_of("by constant")
polylog.set_log_level("info"); all_of("hidden")
polylog.set_filter("a=debug"); all_of("by filter")
polylog.set_filter("warn"); all_of("hidden")
polylog.set_log_level(logging.DEBUG); all_of("by number")
polylog.set_log_level(polylog.LOG_LEVEL_OFF); polylog.fatal("hidden"); logging.critical("hidden")
"""
        self.assertEqual(
            [line.split(" ", 3)[3] if "root" in line else line.split("a.b ")[1] for line in lines(program)],
            [
                "direct by constant",
                "logging by constant",
                "logging by filter",
                "direct by number",
                "logging by number",
            ],
        )

    def test_what_is_no_level_or_address_is_refused(self):
        program = """
def code(call):
    try:
        call()
    except polylog.PolylogError as error:
        return error.code
for call in (
    lambda: polylog.set_log_level("loud"),
    lambda: polylog.init(level="loud"),
    lambda: polylog.init(format="xml"),
    lambda: polylog.init(endpoint="ftp://a"),
    lambda: polylog.init(endpoint="http://[::1"),
    lambda: polylog.init(endpoint="http://u:p@a"),
    lambda: polylog.init(endpoint="http://logs.example.com", api_key="k"),
    lambda: polylog.init(endpoint="http://a", headers={"x": "a\\r\\nb: c"}),
):
    print(code(call))
polylog.init(endpoint="http://logs.example.com", api_key="k", allow_insecure_endpoint=True)
"""
        told = run_program(START + program).stdout.split()
        self.assertEqual(told, ["POLYLOG_E_CONFIG"] * 3 + ["POLYLOG_E_ENDPOINT"] * 4 + ["POLYLOG_E_CONFIG"])

    def test_install_twice_logs_once(self):
        self.assertEqual(len(lines("polylog.install(); polylog.install(); logging.info('m')")), 1)


class UncaughtTest(unittest.TestCase):
    def test_main_thread_is_logged_and_ends_as_ever(self):
        result = run_program(START + "polylog.init()\nraise ValueError('boom')", check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("CRIT  [P] python.uncaught uncaught exception: boom\n    Traceback", result.stderr)
        self.assertIn("\nTraceback (most recent call last):\n", result.stderr)

    def test_an_interrupt_and_an_exit_are_none(self):
        for end in ("raise KeyboardInterrupt", "raise SystemExit(0)"):
            result = run_program(f"{START}polylog.init()\n{end}", check=False)
            self.assertNotIn("[P]", result.stderr)

    def test_other_threads_are_logged(self):
        program = """
import threading
polylog.init()
thread = threading.Thread(target=lambda: 1 / 0, name="mailer"); thread.start(); thread.join()
"""
        self.assertIn("ERROR [P] python.uncaught uncaught exception in thread mailer: division by zero", lines(program))

    TASK = """
import asyncio
async def fails():
    raise ValueError("in a task")
async def main():
    task = asyncio.ensure_future(fails())
    await asyncio.sleep(0.01)
    del task
asyncio.run(main())
"""

    def test_tasks_of_asyncio_are_logged_once_with_and_without_a_handler(self):
        for start in ("polylog.init()", "polylog.install()"):
            with self.subTest(start):
                said = lines(f"{start}{self.TASK}")
                self.assertEqual([line for line in said if "[P] asyncio" in line][0][:31], "ERROR [P] asyncio Task exceptio")
                self.assertEqual(sum("[P] asyncio" in line for line in said), 1)
                self.assertIn("    ValueError: in a task", said)

    def test_can_be_left_alone(self):
        result = run_program(START + "polylog.init(capture_errors=False)\n1 / 0", check=False)
        self.assertNotIn("[P]", result.stderr)

    def test_a_hook_of_the_programs_own_is_called(self):
        program = """
import sys
sys.excepthook = lambda kind, error, trace: print("own hook", error)
polylog.init()
raise ValueError("boom")
"""
        self.assertEqual(run_program(START + program, check=False).stdout, "own hook boom\n")

    def test_a_hook_that_came_behind_is_called_once_however_often_ours_goes_and_comes(self):
        program = """
import sys
polylog.init()
ours = sys.excepthook
def behind(kind, error, trace):
    print("behind", error)
    ours(kind, error, trace)
sys.excepthook = behind
polylog.init(capture_errors=False)
polylog.init()
raise ValueError("boom")
"""
        result = run_program(START + program, check=False)
        self.assertEqual(result.stdout, "behind boom\n")
        self.assertEqual(result.stderr.count("[P] python.uncaught"), 1)


if __name__ == "__main__":
    unittest.main()
