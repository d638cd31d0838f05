"""Lines are those of the Node package: both are held to the same vectors."""

import json
import unittest
from pathlib import Path

from polylog._context import ActiveContext
from polylog._levels import level_of, to_number
from polylog._lines import FrameFormat, JsonFormat, TextFormat
from polylog._record import ErrorParts, Parts
from polylog._trace import TraceIds

VECTORS = Path(__file__).parents[3] / "packages/sdk/src/format/testdata/lines.json"


def parts_of(record):
    error = record.get("error")
    trace = record.get("trace")
    return Parts(
        created=record["time"] / 1000,
        level=level_of(to_number(record["level"])),
        logger=record["logger"],
        message=record["message"],
        fields=record.get("fields"),
        error=None if error is None else ErrorParts(error["name"], error["message"], error["stack"]),
        stack_info=None,
        execution=ActiveContext(record.get("context", {})).execution,
        trace=None if trace is None else TraceIds(trace["traceId"], trace["spanId"]),
    )


class VectorsTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
        self.assertGreater(len(self.vectors), 30)

    def test_text_lines_are_as_told(self):
        for vector in self.vectors:
            record = vector["record"]
            with self.subTest(vector["name"]):
                line = TextFormat(record.get("appId"), record.get("isCompact", True)).line(parts_of(record))
                self.assertEqual(line, vector["text"])

    def test_json_lines_are_as_told(self):
        for vector in self.vectors:
            record = vector["record"]
            with self.subTest(vector["name"]):
                line = JsonFormat(record.get("appId"), record.get("isCompact", True)).line(parts_of(record))
                self.assertEqual(line, vector["json"])

    def test_frames_say_the_same_without_the_text_and_with_microseconds(self):
        for vector in self.vectors:
            record = vector["record"]
            with self.subTest(vector["name"]):
                frame = json.loads(FrameFormat(record.get("appId")).line(parts_of(record)))
                expected = json.loads(vector["json"])
                del expected["text"]
                expected["timestamp"] = expected["timestamp"].replace("Z", "000Z")
                if "trace" in record:
                    expected["trace_flags"] = 1
                self.assertEqual(frame, expected)


if __name__ == "__main__":
    unittest.main()
