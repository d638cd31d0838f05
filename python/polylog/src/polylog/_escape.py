"""Texts as they stand in lines and in JSON."""

from __future__ import annotations

import re
from json.encoder import encode_basestring

CONTINUATION = "\n    "
"""Further lines of a record are indented, so that no message can pass for a record of its own."""

_LINE_BREAK = re.compile("\r\n|[\n\r\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_LATE_CONTROL = re.compile("[\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Characters beyond the basic plane are pairs of surrogates to Node's expressions, which take halves for what is bad.
_NEEDS_QUOTES = re.compile('[\x00-\x20"=\\\\\x7f-\xa0\u2028\u2029\ud800-\udfff\U00010000-\U0010ffff]')
_BAD_IN_NAME = re.compile('[\x00-\x20"=\x7f-\xa0\u2028\u2029\ud800-\udfff]')
_PAIR_IN_NAME = re.compile("[\U00010000-\U0010ffff]")


def line_text(text: str) -> str:
    """A text in a line for people: further lines indented, controls (which could clear a terminal) spelled out."""
    if text.isprintable():
        return text
    return _CONTROL.sub(_escaped, _LINE_BREAK.sub(CONTINUATION, text))


def json_text(text: str) -> str:
    """A text in JSON, with its quotes."""
    return utf8_json(encode_basestring(text))


def utf8_json(json: str) -> str:
    """JSON without halves of surrogate pairs, which UTF-8 can't carry (RFC 8259, section 8.2)."""
    return json if json.isascii() else _SURROGATE.sub(_escaped, json)


def utf8_text(text: str) -> str:
    """A text that UTF-8 can carry."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def word(text: str) -> str:
    """A value as the text line has it: bare, or in quotes where blanks, quotes or controls ask for it."""
    # Most are plain words; the one look is quicker than the other.
    if (text.isalnum() and text.isascii()) or (text and not _NEEDS_QUOTES.search(text)):
        return text
    return line_json(json_text(text))


def line_json(json: str) -> str:
    """JSON in a line for people: with no control that JSON leaves as it is."""
    return json if json.isascii() and "\x7f" not in json else _LATE_CONTROL.sub(_escaped, json)


def line_name(name: str) -> str:
    """The name of a field, with nothing in it that ends a name."""
    return _PAIR_IN_NAME.sub("__", _BAD_IN_NAME.sub("_", name)) or "_"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
