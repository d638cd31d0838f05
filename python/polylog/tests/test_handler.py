import io
import logging
import logging.config
import logging.handlers
import queue
import re
import sys
import tempfile
import unittest
from pathlib import Path

import polylog
from polylog import JsonFormatter, PolylogHandler, UnifiedFormatter

from .support import LoggerTestMixin, run_program

_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")


def without_time(text):
    assert _TIME.match(text), text
    return _TIME.sub("", text)


class TextTest(LoggerTestMixin, unittest.TestCase):
    def test_a_line_has_level_tag_logger_message_and_extra(self):
        logger, stream = self.logger(app_id="shop")
        logger.warning("slow %s", "request", extra={"duration_ms": 1240, "who": "Ann B"})
        expected = f'WARN  [P] shop {logger.name} slow request duration_ms=1240 who="Ann B"\n'
        self.assertEqual(without_time(stream.getvalue()), expected)

    def test_levels_between_two_count_as_the_one_below(self):
        logger, stream = self.logger()
        for number in (1, 5, 9, 10, 19, 20, 29, 30, 40, 49, 50, 99):
            logger.log(number, "m")
        words = [without_time(line).split()[0] for line in stream.getvalue().splitlines()]
        expected = "TRACE TRACE TRACE DEBUG DEBUG INFO INFO WARN ERROR ERROR CRIT CRIT"
        self.assertEqual(words, expected.split())

    def test_traceback_and_its_cause_stand_on_indented_lines(self):
        logger, stream = self.logger()
        try:
            try:
                {}["a"]
            except KeyError as error:
                raise ValueError("two\nlines") from error
        except ValueError:
            logger.exception("failed")
        _, *rest = stream.getvalue().splitlines()
        self.assertTrue(all(line.startswith("    ") for line in rest))
        self.assertEqual(rest[0], "    Traceback (most recent call last):")
        self.assertIn("    KeyError: 'a'", rest)
        self.assertIn("    ValueError: two", rest)

    def test_stack_info_stands_below(self):
        logger, stream = self.logger()
        logger.info("here", stack_info=True)
        self.assertIn("\n    Stack (most recent call last):\n      File ", stream.getvalue())

    def test_an_exception_that_cant_be_read_is_told_all_the_same(self):
        class Hostile(Exception):
            def __str__(self):
                raise RuntimeError("no")

        logger, stream = self.logger(format="json")
        logger.error("failed", exc_info=Hostile())
        exception = self.json_lines(stream)[0]["exception"]
        self.assertTrue(exception["name"].endswith("Hostile"))
        self.assertEqual(exception["message"], "[Throws: RuntimeError]")

    def test_exc_info_without_an_exception_adds_nothing(self):
        logger, stream = self.logger()
        logger.error("failed", exc_info=True)
        logger.error("failed", exc_info=(None, None, None))
        self.assertEqual(len(stream.getvalue().splitlines()), 2)

    def test_a_call_whose_arguments_dont_fit_is_logged_with_both(self):
        logger, stream = self.logger()
        logger.info("%d of %d", "many")
        self.assertIn("%d of %d [arguments that don't fit: ('many',)]", stream.getvalue())

    def test_a_message_that_is_no_text_is_told_as_one(self):
        logger, stream = self.logger()
        logger.info({"a": 1})
        logger.info(None)
        said = [without_time(line).split(f"{logger.name} ")[1] for line in stream.getvalue().splitlines()]
        self.assertEqual(said, ["{'a': 1}", "None"])

    def test_colours_set_off_level_and_what_matters_less(self):
        logger, stream = self.logger(colors=True)
        with polylog.context(invocation="run-1"):
            logger.error("m")
        line = stream.getvalue()
        self.assertRegex(line, r"^\x1b\[2m[^ ]+Z\x1b\[22m \x1b\[31mERROR\x1b\[39m \x1b\[2m\[P\]\x1b\[22m \x1b\[2m\[run-1\]\x1b\[22m test")


class JsonTest(LoggerTestMixin, unittest.TestCase):
    def test_extra_is_metadata_and_what_logging_puts_there_is_not(self):
        logger, stream = self.logger(format="json", app_id="shop")
        logger.info("paid", extra={"order_id": 17})
        line = self.json_lines(stream)[0]
        self.assertEqual(line["metadata"], {"order_id": 17})
        fixed = {"timestamp", "severity", "system", "logger", "message", "app_id", "text", "metadata"}
        self.assertEqual(set(line), fixed)
        self.assertEqual((line["severity"], line["system"], line["app_id"]), ("INFO", "python", "shop"))

    def test_no_metadata_where_there_is_no_extra_even_behind_another_formatter(self):
        logger, stream = self.logger(format="json")
        other = logging.StreamHandler(io.StringIO())
        other.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        logger.handlers.insert(0, other)
        logger.info("m")
        self.assertNotIn("metadata", self.json_lines(stream)[0])

    def test_exception_and_stack_are_fields_of_their_own(self):
        logger, stream = self.logger(format="json")
        try:
            raise polylog.PolylogError("POLYLOG_E_CONFIG", "no")
        except polylog.PolylogError as error:
            logger.error("failed", exc_info=error, stack_info=True)
        line = self.json_lines(stream)[0]
        self.assertEqual(line["exception"]["name"], "polylog._problems.PolylogError")
        self.assertEqual(line["exception"]["message"], "no [POLYLOG_E_CONFIG]")
        self.assertIn("Traceback", line["exception"]["stack"])
        self.assertTrue(line["stack_info"].startswith("Stack (most recent call last):"))

    def test_hostile_values_come_out_bounded(self):
        class Throws:
            def __str__(self):
                raise RuntimeError("no")

        circular = {}
        circular["self"] = circular
        deep = []
        for _ in range(100):
            deep = [deep]
        logger, stream = self.logger(format="json")
        values = {
            "circular": circular,
            "deep": deep,
            "throws": Throws(),
            "nan": float("nan"),
            "endless": -float("inf"),
            "huge": 10**30,
            "bytes": b"\x01\x02",
            "set": {1},
            "tuple": (1, 2),
            "keys": {1: "a", None: "b"},
            "surrogate": "\ud800",
            "long": "x" * 300_000,
            "many": range(3),
        }
        logger.info("m", extra={"values": values})
        told = self.json_lines(stream)[0]["metadata"]["values"]
        self.assertEqual(told["circular"], {"self": "[Circular]"})
        self.assertIn("[Deeper levels left out]", str(told["deep"]))
        self.assertEqual(told["throws"], "[Throws: RuntimeError]")
        self.assertEqual((told["nan"], told["endless"], told["huge"]), ("NaN", "-Infinity", str(10**30)))
        self.assertEqual((told["bytes"], told["set"], told["tuple"]), ("[2 bytes: 0102]", [1], [1, 2]))
        self.assertEqual(told["keys"], {"1": "a", "None": "b"})
        self.assertTrue(told["long"].endswith("… [37856 more characters left out]"))

    def test_too_many_values_are_left_out_and_counted(self):
        logger, stream = self.logger(format="json")
        logger.info("m", extra={"many": list(range(30_000))})
        many = self.json_lines(stream)[0]["metadata"]["many"]
        self.assertEqual(many[-1], "[10001 more left out]")


class StreamTest(LoggerTestMixin, unittest.TestCase):
    def test_what_an_encoding_doesnt_have_is_spelled_out(self):
        raw = io.BytesIO()
        logger = logging.getLogger(self.id())
        logger.propagate = False
        logger.handlers = [PolylogHandler(stream=io.TextIOWrapper(raw, encoding="ascii"))]
        logger.warning("naïve \ud800")
        self.assertIn(b"na\\xefve \\ufffd", raw.getvalue())

    def test_a_handler_by_name_finds_the_stream_of_the_moment(self):
        handler = PolylogHandler(stream="stdout")
        before, sys.stdout = sys.stdout, io.StringIO()
        try:
            handler.handle(logging.makeLogRecord({"msg": "m", "name": "n", "levelno": 20}))
            self.assertIn("[P] n m\n", sys.stdout.getvalue())
        finally:
            sys.stdout = before

    def test_a_file_is_appended_to(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "app.log")
            for _ in range(2):
                handler = PolylogHandler(filename=str(path))
                handler.handle(logging.makeLogRecord({"msg": "naïve", "name": "n", "levelno": 20}))
                handler.close()
            self.assertEqual(len(path.read_text(encoding="utf-8").splitlines()), 2)

    def test_a_format_that_is_none_is_refused(self):
        with self.assertRaisesRegex(polylog.PolylogError, "POLYLOG_E_CONFIG"):
            PolylogHandler(format="xml")


class FormatterTest(unittest.TestCase):
    def test_other_handlers_can_have_the_formats_by_dictconfig(self):
        stream = io.StringIO()
        logging.config.dictConfig(
            {
                "version": 1,
                "disable_existing_loggers": False,
                "formatters": {
                    "unified": {"()": "polylog.UnifiedFormatter", "app_id": "shop"},
                    "json": {"()": "polylog.JsonFormatter"},
                },
                "handlers": {
                    "text": {"class": "logging.StreamHandler", "stream": stream, "formatter": "unified"},
                    "json": {"class": "logging.StreamHandler", "stream": stream, "formatter": "json"},
                    "own": {"class": "polylog.PolylogHandler", "stream": stream, "app_id": "own", "level": "INFO"},
                },
                "loggers": {"test.dict": {"handlers": ["text", "json", "own"], "level": "DEBUG", "propagate": False}},
            }
        )
        logging.getLogger("test.dict").debug("m")
        text, json = stream.getvalue().splitlines()
        self.assertIn("DEBUG [P] shop test.dict m", text)
        self.assertIn('"logger":"test.dict"', json)

    def test_a_record_that_went_through_a_queue_keeps_its_traceback(self):
        waiting = queue.Queue()
        logger = logging.getLogger("test.queue")
        logger.propagate = False
        logger.handlers = [logging.handlers.QueueHandler(waiting)]
        try:
            1 / 0  # noqa: B018
        except ZeroDivisionError:
            logger.exception("failed")
        self.assertIn("ZeroDivisionError", UnifiedFormatter().format(waiting.get()))
        self.assertIsInstance(JsonFormatter(), logging.Formatter)


class EnvironmentTest(unittest.TestCase):
    PROGRAM = """
import logging, polylog
polylog.install()
logging.getLogger("a.b").debug("shown")
logging.getLogger("c").info("hidden")
"""

    def run_with(self, **variables):
        return run_program(self.PROGRAM, environment={f"POLYLOG_{name}": value for name, value in variables.items()})

    def test_variables_govern_levels_format_and_stream(self):
        result = self.run_with(FILTER="warn,a=debug", FORMAT="json", STREAM="stdout", APP_ID="shop")
        self.assertEqual(result.stderr, "")
        self.assertIn('"app_id":"shop"', result.stdout)
        self.assertEqual(result.stdout.count("\n"), 1)

    def test_the_level_of_the_environment_is_that_of_the_root(self):
        self.assertEqual(self.run_with(LEVEL="off").stderr, "")
        self.assertEqual(self.run_with(LEVEL="debug").stderr.count("\n"), 2)

    def test_what_cant_be_read_is_told_and_left_out(self):
        told = self.run_with(LEVEL="loud", FORMAT="xml", COLORS="maybe", FILTER="a=loud").stderr
        for name in ("POLYLOG_LEVEL", "POLYLOG_FORMAT", "POLYLOG_COLORS", '"a=loud"'):
            self.assertIn(name, told)
        self.assertIn("[P] c hidden", told)

    def test_a_file_takes_the_place_of_the_stream(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "app.log")
            self.assertEqual(self.run_with(FILE=str(path)).stderr, "")
            self.assertIn("[P] c hidden", path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
