import unittest

from polylog._directives import parse_directives
from polylog._levels import OFF, TRACE


class DirectivesTest(unittest.TestCase):
    def test_are_read_as_the_node_package_reads_them(self):
        cases = [
            ("info", {"": 20}),
            ("WARN", {"": 30}),
            ("0", {"": OFF}),
            ("5", {"": TRACE}),
            ("off", {"": OFF}),
            ("myapp", {"myapp": TRACE}),
            ("myapp=", {"myapp": TRACE}),
            ("myapp=debug", {"myapp": 10}),
            ("my_core::cluster=3", {"my_core.cluster": 20}),
            ("warn,myapp.billing=debug", {"": 30, "myapp.billing": 10}),
            (" warn , myapp = debug , ", {"": 30, "myapp": 10}),
            ("@scope/pkg=error", {"@scope/pkg": 40}),
            ("a=info,a=error", {"a": 40}),
            ("a::b=info,a.b=error", {"a.b": 40}),
            ("core::net[connect{node=3,peer}]=trace,warn", {"": 30}),
            ("", {}),
        ]
        for text, expected in cases:
            with self.subTest(text):
                self.assertEqual(parse_directives(text), (expected, []))

    def test_what_is_wrong_is_told_and_the_rest_holds(self):
        for text in ("x=loud,y=debug", "a[b=info,y=debug", "a=b=c,y=debug"):
            with self.subTest(text):
                levels, errors = parse_directives(text)
                self.assertEqual(len(errors), 1)
        self.assertEqual(parse_directives("x=loud,y=debug")[0], {"y": 10})


if __name__ == "__main__":
    unittest.main()
