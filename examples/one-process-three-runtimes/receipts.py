"""Writes receipts: a line of JSON for each question on standard input, one for each answer on standard output."""

import json
import logging
import sys

import polylog

polylog.install()
log = logging.getLogger("receipts.writer")

for line in sys.stdin:
    question = json.loads(line)
    with polylog.continue_context(question["context"]):
        answer = {"id": question["id"]}
        try:
            answer["text"] = f"Order {question['order']}: {question['cents'] / 100:.2f} EUR"
            log.info("wrote a receipt", extra={"order": question["order"], "cents": question["cents"]})
        except (KeyError, TypeError) as error:
            log.exception("can't write a receipt")
            answer["error"] = str(error)
    print(json.dumps(answer), flush=True)
