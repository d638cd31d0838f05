import asyncio
import contextvars
import sys
import threading
import types
import unittest

import polylog
from polylog import TraceIds
from polylog._trace import parse_traceparent

from .support import LoggerTestMixin, run_program

TRACE = "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01"


class ContextTest(LoggerTestMixin, unittest.TestCase):
    def test_ids_have_a_place_of_their_own_and_the_rest_is_metadata(self):
        logger, stream = self.logger(format="json")
        runner = {"class": "ThreadRunner", "id": "a86ab1f8-5d1c"}
        with polylog.context(runner=runner, worker="w", invocation="run-1", task="send", tenant="acme", trace=TRACE):
            logger.info("m", extra={"tenant": "own"})
        line = self.json_lines(stream)[0]
        self.assertIn("[TR(a86ab1f8).W(w)run-1:send]", line["text"])
        self.assertEqual((line["runner_class"], line["runner_id"]), ("ThreadRunner", "a86ab1f8-5d1c"))
        self.assertEqual((line["trace_id"], line["span_id"]), tuple(TRACE.split("-")[1:3]))
        self.assertEqual(line["metadata"], {"tenant": "own"})

    def test_contexts_nest_and_end(self):
        logger, stream = self.logger(format="json")
        with polylog.context(invocation="run-1", a=1):
            with polylog.context(task="t", a=2):
                logger.info("inner")
            logger.info("outer")
        logger.info("none")
        inner, outer, none = self.json_lines(stream)
        self.assertEqual((inner["invocation_id"], inner["task_id"], inner["metadata"]), ("run-1", "t", {"a": 2}))
        self.assertEqual((outer["metadata"], "task_id" in outer), ({"a": 1}, False))
        self.assertNotIn("invocation_id", none)

    def test_tasks_of_asyncio_keep_theirs_apart(self):
        logger, stream = self.logger(format="json")

        async def work(name):
            with polylog.context(invocation=name):
                await asyncio.sleep(0)
                logger.info(name)

        async def main():
            await asyncio.gather(*(work(f"run-{at}") for at in range(20)))

        asyncio.run(main())
        lines = self.json_lines(stream)
        self.assertEqual(len(lines), 20)
        self.assertTrue(all(line["invocation_id"] == line["message"] for line in lines))

    def test_one_that_is_left_in_another_context_raises_nothing(self):
        # As frameworks run generators: entering and leaving each in a copy of their own.
        given = polylog.context(invocation="i-1")
        contextvars.copy_context().run(given.__enter__)
        contextvars.copy_context().run(given.__exit__, None, None, None)

    def test_a_new_thread_begins_without_one(self):
        logger, stream = self.logger(format="json")
        with polylog.context(invocation="run-1"):
            thread = threading.Thread(target=lambda: logger.info("m"))
            thread.start()
            thread.join()
        self.assertNotIn("invocation_id", self.json_lines(stream)[0])

    def test_a_span_of_opentelemetry_gives_its_ids(self):
        logger, stream = self.logger(format="json")
        span = types.SimpleNamespace(is_valid=True, trace_id=0xABC, span_id=0xDEF, trace_flags=1)
        module = types.SimpleNamespace(
            get_current_span=lambda: types.SimpleNamespace(get_span_context=lambda: span)
        )
        sys.modules["opentelemetry.trace"] = module
        try:
            logger.info("m")
            span.is_valid = False
            logger.info("m")
        finally:
            del sys.modules["opentelemetry.trace"]
        first, second = self.json_lines(stream)
        self.assertEqual((first["trace_id"], first["span_id"]), (f"{0xABC:032x}", f"{0xDEF:016x}"))
        self.assertNotIn("trace_id", second)

    def test_ids_that_are_none_are_left_out_of_the_line(self):
        logger, stream = self.logger(format="json")
        with polylog.context(trace=TraceIds("x", "y"), invocation=None, worker=7):
            logger.info("m")
        line = self.json_lines(stream)[0]
        self.assertNotIn("trace_id", line)
        self.assertEqual(line["worker_id"], "7")


class CarriedTest(LoggerTestMixin, unittest.TestCase):
    def test_a_context_is_the_same_on_the_other_side(self):
        with polylog.context(invocation="run-1", tenant="acme", trace=TRACE):
            carried = polylog.child_environment()
        self.assertEqual(carried["TRACEPARENT"], TRACE)
        program = """
import logging, polylog
polylog.install(format="json")
logging.info("m")
"""
        line = run_program(program, environment=carried).stderr
        for part in ('"invocation_id":"run-1"', '"metadata":{"tenant":"acme"}', TRACE.split("-")[1]):
            self.assertIn(part, line)

    def test_there_is_nothing_to_carry_without_one(self):
        self.assertEqual(polylog.child_environment(), {})

    def test_one_that_is_too_large_goes_by_its_ids(self):
        with polylog.context(invocation="run-1", cart="x" * 20_000):
            self.assertEqual(polylog.child_environment(), {"POLYLOG_CONTEXT": '{"invocation":"run-1"}'})

    def test_what_is_malformed_is_left_out(self):
        for carried in (
            {},
            {"POLYLOG_CONTEXT": "{"},
            {"POLYLOG_CONTEXT": "[1]"},
            {"POLYLOG_CONTEXT": "[" * 50_000},
            {"POLYLOG_CONTEXT": 7, "TRACEPARENT": 8},
            {"POLYLOG_CONTEXT": '{"trace":"x"}', "TRACEPARENT": "00-x"},
        ):
            with self.subTest(str(carried)[:60]):
                logger, stream = self.logger(format="json")
                with polylog.continue_context(carried):
                    logger.info("m")
                self.assertEqual(set(self.json_lines(stream)[0]) & {"metadata", "trace_id"}, set())


class TraceparentTest(unittest.TestCase):
    def test_only_what_is_valid_is_taken(self):
        trace, span = "5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"
        cases = [
            (f"00-{trace}-{span}-01", TraceIds(trace, span, 1)),
            (f" 00-{trace}-{span}-00 ", TraceIds(trace, span, 0)),
            (f"cc-{trace}-{span}-01-more", TraceIds(trace, span, 1)),
            (f"00-{trace}-{span}-01-more", None),
            (f"ff-{trace}-{span}-01", None),
            (f"00-{trace.upper()}-{span}-01", None),
            (f"00-{'0' * 32}-{span}-01", None),
            (f"00-{trace}-{'0' * 16}-01", None),
            ("", None),
            (None, None),
            ("0" * 1000, None),
        ]
        for text, expected in cases:
            with self.subTest(text):
                self.assertEqual(parse_traceparent(text), expected)


if __name__ == "__main__":
    unittest.main()
