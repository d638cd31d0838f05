import multiprocessing
import os
import socket
import threading
import time
import unittest
from unittest import mock

from polylog._levels import level_of
from polylog._problems import PolylogError
from polylog._record import ErrorParts, Parts
from polylog._sinks import otlp
from polylog._sinks.otlp import OtlpSink, log_record
from polylog._sinks.post import Answer, checked_endpoint, retry_after
from polylog._trace import TraceIds
from polylog._unified import Execution

from .support import ScriptedServer, attributes_of, run_program, standard_error, wait_until


def parts(message="m", level=20, **changes):
    base = Parts(1774607025.123456, level_of(level), "myapp", message, None, None, None, None, None)
    return base._replace(**changes)


class OtlpTest(unittest.TestCase):
    def setUp(self):
        patch = mock.patch.object(otlp, "_FIRST_WAIT", 0.01)
        patch.start()
        self.addCleanup(patch.stop)

    def server(self, *answers):
        server = ScriptedServer(*answers)
        self.addCleanup(server.close)
        return server

    def sink(self, server, **options):
        options = {"flush_interval": 0.01, **options}
        sink = OtlpSink(f"{server.url}/v1/logs", {}, {"service.name": "shop"}, **options)
        self.addCleanup(sink.close, 0.1)
        return sink

    def test_records_arrive_as_opentelemetry_has_them(self):
        server = self.server()
        sink = self.sink(server)
        sink.write(
            parts(
                "failed",
                level=40,
                fields={"order": 17, "ratio": 0.5, "ok": True, "none": None, "deep": {"a": [1, "x"]}},
                error=ErrorParts("ValueError", "no", "Traceback"),
                execution=Execution("R", "r-1", None, "i-1", None),
                trace=TraceIds("5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174", 1),
            )
        )
        self.assertTrue(sink.flush(5))
        _, path, headers, body = server.requests[0]
        self.assertEqual((path, headers["content-type"]), ("/v1/logs", "application/json"))
        resource = attributes_of(body["resourceLogs"][0]["resource"])
        self.assertEqual((resource["service.name"], resource["telemetry.sdk.language"]), ("shop", "python"))
        self.assertEqual(body["resourceLogs"][0]["scopeLogs"][0]["scope"], {"name": "myapp"})
        record = server.records[0]
        self.assertEqual(record["timeUnixNano"], "1774607025123456000")
        self.assertEqual((record["severityNumber"], record["severityText"]), (17, "ERROR"))
        self.assertEqual((record["traceId"], record["flags"]), ("5b8efff798038103d269b633813fc60c", 1))
        values = attributes_of(record)
        self.assertEqual((values["order"], values["ratio"], values["ok"], values["none"]), ("17", 0.5, True, None))
        self.assertEqual((values["exception.type"], values["runner_id"], values["invocation_id"]), ("ValueError", "r-1", "i-1"))
        self.assertEqual(sink.dropped, 0)

    def test_passing_trouble_is_tried_again_in_order(self):
        server = self.server((503, {}, b""), (429, {}, b""), (502, {}, b""), (504, {}, b""))
        sink = self.sink(server)
        sink.write(parts("a"))
        self.assertTrue(sink.flush(5))
        self.assertEqual(len(server.requests), 5)
        self.assertEqual(sink.dropped, 0)

    def test_retry_after_is_heard(self):
        server = self.server((429, {"retry-after": "1"}, b""))
        sink = self.sink(server)
        sink.write(parts())
        self.assertTrue(sink.flush(5))
        first, second = (request[0] for request in server.requests)
        self.assertGreater(second - first, 0.9)

    def test_final_answers_are_not_tried_again_and_counted(self):
        for status, headers in ((400, {}), (401, {}), (302, {"location": "http://127.0.0.1:1/"}), (500, {})):
            with self.subTest(status), standard_error():
                server = self.server((status, headers, b"no"))
                sink = self.sink(server)
                sink.write(parts())
                self.assertTrue(sink.flush(5))
                self.assertEqual((len(server.requests), sink.dropped), (1, 1))

    def test_a_batch_is_given_up_after_its_tries(self):
        server = self.server(*[(503, {}, b"")] * 3)
        sink = self.sink(server, retries=2)
        with standard_error() as told:
            for at in range(3):
                sink.write(parts(str(at)))
            self.assertTrue(sink.flush(5))
        self.assertEqual((len(server.requests), sink.dropped), (3, 3))
        self.assertIn("the server answers 503", told.getvalue())

    def test_rejected_records_are_counted(self):
        server = self.server((200, {}, b'{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}'))
        sink = self.sink(server)
        with standard_error():
            for at in range(5):
                sink.write(parts(str(at)))
            self.assertTrue(sink.flush(5))
        self.assertEqual(sink.dropped, 2)

    def test_the_oldest_go_when_the_queue_is_full(self):
        server = self.server()
        sink = self.sink(server, max_queue_size=10, flush_interval=60)
        with standard_error():
            for at in range(25):
                sink.write(parts(str(at)))
            self.assertTrue(sink.flush(5))
        self.assertEqual(server.bodies, [str(at) for at in range(15, 25)])
        self.assertEqual(sink.dropped, 15)

    def test_batches_have_a_size_and_an_error_goes_at_once(self):
        server = self.server()
        sink = self.sink(server, max_batch_size=10, flush_interval=60)
        for at in range(20):
            sink.write(parts(str(at)))
        wait_until(lambda: len(server.bodies) == 20)
        self.assertGreaterEqual(len(server.requests), 2)
        sink.write(parts("urgent", level=40))
        wait_until(lambda: server.bodies[-1] == "urgent")

    def test_an_error_hurries_those_before_it_and_none_behind(self):
        server = self.server()
        sink = self.sink(server, flush_interval=60)
        sink.write(parts("urgent", level=40))
        wait_until(lambda: server.bodies == ["urgent"])
        sink.write(parts("a"))
        with sink._changed:
            self.assertFalse(sink._changed.wait_for(lambda: not sink._queue, 0.2))

    def test_what_waits_has_a_size_too_and_what_is_sent_makes_room(self):
        server = self.server()
        with mock.patch.object(otlp, "_MOST_QUEUED", 5_000), standard_error():
            sink = self.sink(server, flush_interval=60)
            for _ in range(5):
                sink.write(parts("x" * 3_000))
                self.assertTrue(sink.flush(5))
            self.assertEqual(sink.dropped, 0)
            for _ in range(3):
                sink.write(parts("x" * 3_000))
            self.assertEqual(sink.dropped, 2)

    def test_a_server_that_comes_late_gets_all(self):
        server = ScriptedServer()
        server.close()
        sink = OtlpSink(f"{server.url}/v1/logs", {}, {}, flush_interval=0.01, retries=50)
        self.addCleanup(sink.close, 0.1)
        sink.write(parts("early"))
        late = ScriptedServer(port=server.port)
        self.addCleanup(late.close)
        self.assertTrue(sink.flush(10))
        self.assertEqual((late.bodies, sink.dropped), (["early"], 0))

    def test_a_kept_connection_that_was_closed_costs_nothing(self):
        server = self.server((200, {"connection": "close"}, b""), (200, {"x-closes": "1"}, b""))
        sink = self.sink(server, retries=0)
        for text in ("a", "b", "c"):
            sink.write(parts(text))
            self.assertTrue(sink.flush(5))
        self.assertEqual((server.bodies, sink.dropped), (["a", "b", "c"], 0))

    def test_flush_says_when_its_time_is_over(self):
        server = self.server((503, {"retry-after": "30"}, b""))
        sink = self.sink(server)
        sink.write(parts())
        wait_until(lambda: server.requests)
        self.assertFalse(sink.flush(0.05))
        with standard_error():
            start = time.monotonic()
            sink.close(0.2)
        self.assertLess(time.monotonic() - start, 5)

    def test_sending_without_a_thread_ends_in_time(self):
        with socket.create_server(("127.0.0.1", 0)) as silent, standard_error():
            sink = OtlpSink(f"http://127.0.0.1:{silent.getsockname()[1]}/v1/logs", {}, {}, timeout=30, exit_timeout=0.2)
            with mock.patch.object(threading.Thread, "start", side_effect=RuntimeError):
                sink.write(parts())
                start = time.monotonic()
                sink.close()
            self.assertLess(time.monotonic() - start, 5)
            self.assertEqual(sink.dropped, 1)

    def test_flush_waits_for_none_that_come_behind(self):
        sink = self.sink(self.server())

        def post(*_):
            sink.write(parts("another"))
            return Answer(200, b"{}", None)

        with mock.patch.object(sink._poster, "post", post):
            sink.write(parts())
            self.assertTrue(sink.flush(5))

    def test_a_host_that_is_no_name_is_a_server_that_is_away(self):
        with standard_error() as told:
            sink = OtlpSink("http://a..b:4318/v1/logs", {}, {}, flush_interval=0.01, retries=0)
            sink.write(parts("one"))
            self.assertTrue(sink.flush(5))
            sink.write(parts("two"))
            self.assertTrue(sink.flush(5))
            sink.close(1)
        self.assertEqual(sink.dropped, 2)
        self.assertIn("can't be reached", told.getvalue())

    def test_a_closed_sink_has_no_thread_and_goes_on_with_the_next_record(self):
        server = self.server()
        sink = self.sink(server)
        sink.write(parts("before"))
        thread = sink._thread
        sink.close(5)
        thread.join(5)
        self.assertFalse(thread.is_alive())
        sink.write(parts("after"))
        self.assertTrue(sink.flush(5))
        self.assertEqual(server.bodies, ["before", "after"])

    def test_a_records_own_fields_win_over_ours(self):
        record = log_record(parts(fields={"exception.type": "own"}, error=ErrorParts("E", "m", "s")))
        self.assertEqual(record.count("exception.type"), 1)
        self.assertIn('"own"', record)


@unittest.skipUnless(hasattr(os, "fork"), "no fork here")
class ForkTest(unittest.TestCase):
    def test_a_child_begins_anew_and_sends_its_own(self):
        with ScriptedServer() as server:
            sink = OtlpSink(f"{server.url}/v1/logs", {}, {}, flush_interval=60)
            sink.write(parts("before"))
            child = os.fork()
            if child == 0:
                sink.write(parts("child"))
                os._exit(0 if sink.flush(10) else 1)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            self.assertTrue(sink.flush(10))
            sink.close(1)
            self.assertEqual(sorted(server.bodies), ["before", "child"])

    def test_children_of_multiprocessing_send_at_their_end(self):
        with ScriptedServer() as server:
            sink = OtlpSink(f"{server.url}/v1/logs", {}, {}, flush_interval=60)
            process = multiprocessing.get_context("fork").Process(target=lambda: sink.write(parts("child")))
            process.start()
            process.join(20)
            sink.close(1)
            self.assertEqual(server.bodies, ["child"])

    def test_a_child_of_multiprocessing_that_sets_itself_up_sends_at_its_end(self):
        def work():
            OtlpSink(f"{server.url}/v1/logs", {}, {}, flush_interval=60).write(parts("child"))

        with ScriptedServer() as server:
            process = multiprocessing.get_context("fork").Process(target=work)
            process.start()
            process.join(20)
            self.assertEqual(server.bodies, ["child"])


class EndTest(unittest.TestCase):
    def program(self, server, text):
        return run_program(
            f"import logging, polylog\npolylog.install(endpoint={server.url!r}, console=False, flush_interval=60)\n{text}",
            check=False,
        )

    def test_what_is_left_is_sent_at_the_end(self):
        for end in ("", "raise SystemExit(3)", "raise ValueError('boom')"):
            with self.subTest(end), ScriptedServer() as server:
                self.program(server, f"for i in range(1500): logging.info('burst')\n{end}")
                self.assertEqual(server.bodies.count("burst"), 1500)

    def test_what_is_logged_while_the_interpreter_ends_is_sent_too(self):
        with ScriptedServer() as server:
            program = "import atexit\nlogging.info('main')\natexit.register(lambda: logging.info('late'))"
            self.program(server, program)
            self.assertEqual(server.bodies, ["main", "late"])

    def test_what_is_logged_after_shutdown_is_sent_too(self):
        programs = [
            "logging.info('main')\npolylog.shutdown()\nlogging.info('late')",
            # Direct calls are flushed by nobody else when all other exit handlers are through.
            "polylog.info('main')\npolylog.shutdown()\npolylog.info('late')",
        ]
        for program in programs:
            with self.subTest(program), ScriptedServer() as server:
                self.program(server, program)
                self.assertEqual(server.bodies, ["main", "late"])

    def test_what_the_last_exit_handlers_log_is_sent_too(self):
        with ScriptedServer() as server:
            run_program(
                "import atexit, polylog\natexit.register(lambda: polylog.info('late'))\n"
                f"polylog.init(endpoint={server.url!r}, console=False, flush_interval=60)\npolylog.info('main')"
            )
            self.assertEqual(server.bodies, ["main", "late"])

    def test_a_server_that_is_away_holds_nobody_up_for_long(self):
        server = ScriptedServer()
        server.close()
        start = time.monotonic()
        result = run_program(
            f"import polylog\npolylog.init(endpoint={server.url!r}, console=False, exit_timeout=0.5)\npolylog.info('m')"
        )
        self.assertLess(time.monotonic() - start, 8)
        self.assertIn("POLYLOG_E_SINK", result.stderr)

    def test_key_and_variables_of_opentelemetry_are_sent(self):
        with ScriptedServer() as server:
            run_program(
                "import polylog; polylog.init(api_key='k', console=False, environment='staging'); polylog.info('m')",
                environment={
                    "POLYLOG_ENDPOINT": server.url,
                    "OTEL_SERVICE_NAME": "checkout",
                    "OTEL_RESOURCE_ATTRIBUTES": "team=a%20b",
                    "OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=7",
                },
            )
            _, _, headers, body = server.requests[0]
            self.assertEqual((headers["authorization"], headers["x-tenant"]), ("Bearer k", "7"))
            resource = attributes_of(body["resourceLogs"][0]["resource"])
            self.assertEqual((resource["service.name"], resource["team"]), ("checkout", "a b"))
            self.assertEqual(resource["deployment.environment.name"], "staging")


class AnswerTest(unittest.TestCase):
    def test_retry_after_is_seconds_or_a_date(self):
        now = 1774607025.0
        cases = [
            ("7", 7.0),
            ("0", 0.0),
            ("99999999999", 300.0),
            ("Fri, 27 Mar 2026 10:23:55 GMT", 10.0),
            ("Fri, 27 Mar 2020 10:23:55 GMT", 0.0),
            ("-7", None),
            ("soon", None),
            ("", None),
            (None, None),
        ]
        for header, expected in cases:
            with self.subTest(header):
                self.assertEqual(retry_after(header, now), expected)

    def test_nothing_secret_of_an_endpoint_is_shown(self):
        endpoints = (
            "https://user:secret@a",
            "https://user:secret@a:port",
            "https://user:secret@[a",
            "ftp://user:secret@a",
            "user:secret@a",
        )
        for endpoint in endpoints:
            with self.subTest(endpoint), self.assertRaises(PolylogError) as raised:
                checked_endpoint(endpoint, False)
            self.assertNotIn("secret", str(raised.exception))

    def test_a_key_goes_in_the_open_to_this_machine_only(self):
        for host in ("localhost", "127.0.0.1", "[::1]", "a.localhost"):
            self.assertTrue(checked_endpoint(f"http://{host}:4318", False))


if __name__ == "__main__":
    unittest.main()
