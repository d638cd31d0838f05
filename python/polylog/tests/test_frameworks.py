"""Django's, Flask's and FastAPI's own loggers. The packages come from requirements.txt."""

import importlib.util
import unittest

from .support import run_program


def needs(name):
    return unittest.skipUnless(importlib.util.find_spec(name), f"{name} isn't installed here")


def lines(program):
    return [line.split("Z ", 1)[-1] for line in run_program(program).stderr.splitlines()]


@needs("django")
class DjangoTest(unittest.TestCase):
    PROGRAM = """
import django
from django.conf import settings
from django.urls import path
from django.http import HttpResponse
import logging, polylog
polylog.init(app_id="shop", capture_errors=False)
def found(request):
    with polylog.context(invocation="run-1"):
        logging.getLogger("shop.views").info("found a user", extra={"user": "ann"})
    return HttpResponse("ok")
def broken(request):
    raise ValueError("out of order")
urlpatterns = [path("users", found), path("broken", broken)]
settings.configure(
    ROOT_URLCONF=__name__, SECRET_KEY="x", ALLOWED_HOSTS=["*"],
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"polylog": {"class": "polylog.PolylogHandler"}},
        "root": {"handlers": ["polylog"], "level": "INFO"},
    },
)
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
client.get("/users"); client.get("/nowhere"); client.get("/broken")
"""

    def test_settings_bring_all_of_its_loggers(self):
        said = lines(self.PROGRAM)
        self.assertIn("INFO  [P] shop [run-1] shop.views found a user user=ann", said)
        missing = next(line for line in said if "/nowhere" in line)
        self.assertTrue(missing.startswith("WARN  [P] shop django.request Not Found: /nowhere status_code=404"), missing)
        self.assertTrue(any(line.startswith("ERROR [P] shop django.request Internal Server Error: /broken") for line in said))
        self.assertIn("    ValueError: out of order", said)


@needs("flask")
class FlaskTest(unittest.TestCase):
    PROGRAM = """
import polylog
polylog.install(app_id="shop")
from flask import Flask
app = Flask("shop.web")
@app.get("/users/<name>")
def found(name):
    with polylog.context(trace="00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01"):
        app.logger.info("found a user", extra={"user": name})
    return "ok"
@app.get("/broken")
def broken():
    raise ValueError("out of order")
client = app.test_client()
client.get("/users/ann"); client.get("/broken")
"""

    def test_its_logger_and_errors_come_in(self):
        said = lines(self.PROGRAM)
        trace = "trace_id=5b8efff798038103d269b633813fc60c span_id=eee19b7ec3c1b174"
        self.assertIn(f"INFO  [P] shop shop.web found a user user=ann {trace}", said)
        self.assertIn("ERROR [P] shop shop.web Exception on /broken [GET]", said)
        self.assertEqual(said.count("    ValueError: out of order"), 1)


@needs("fastapi")
class FastApiTest(unittest.TestCase):
    PROGRAM = """
import logging, polylog
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def lifespan(app):
    polylog.install(app_id="shop")
    polylog.set_log_level(polylog.LOG_LEVEL_INFO)
    logging.getLogger("shop").info("up")
    yield
    logging.getLogger("shop").info("down")
app = FastAPI(lifespan=lifespan)
@app.middleware("http")
async def traced(request, call_next):
    with polylog.continue_context(request.headers):
        return await call_next(request)
@app.get("/async/{name}")
async def in_loop(name: str):
    logging.getLogger("shop.web").info("found a user", extra={"user": name})
@app.get("/sync/{name}")
def in_thread(name: str):
    logging.getLogger("shop.web").info("found a user", extra={"user": name})
from fastapi.testclient import TestClient
with TestClient(app) as client:
    for way in ("async", "sync"):
        client.get(f"/{way}/{way}", headers={"traceparent": "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01"})
"""

    def test_lifespan_routes_and_threads_of_its_pool_keep_the_trace(self):
        said = [line for line in lines(self.PROGRAM) if "shop" in line and "httpx" not in line]
        trace = "trace_id=5b8efff798038103d269b633813fc60c span_id=eee19b7ec3c1b174"
        self.assertEqual(
            said,
            [
                "INFO  [P] shop shop up",
                f"INFO  [P] shop shop.web found a user user=async {trace}",
                f"INFO  [P] shop shop.web found a user user=sync {trace}",
                "INFO  [P] shop shop down",
            ],
        )


if __name__ == "__main__":
    unittest.main()
