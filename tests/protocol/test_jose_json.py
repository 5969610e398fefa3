"""JSON, as jose reads it: in the only way that all parsers share."""

import pytest

from apps.protocol import jose
from apps.protocol.jose import JoseError

AMBIGUOUS = {
    "S-095 repeated member": b'{"sub":"a","sub":"b"}',
    "S-095 repeated below": b'{"a":{"sub":1,"sub":1}}',
    "S-095 repeated in a list": b'{"a":[{"b":1,"b":2}]}',
    "S-085 NaN": b'{"exp":NaN}',
    "Infinity": b'{"exp":Infinity}',
    "-Infinity": b'{"exp":-Infinity}',
    "S-085 1e400": b'{"exp":1e400}',
    "5 000 digits": b'{"exp":' + b"9" * 5000 + b"}",
    "lone surrogate": b'{"sub":"\\ud800"}',
    "lone surrogate in a name": b'{"\\udc00":1}',
    "latin-1": b'{"sub":"\xe9"}',
    "UTF-16": '{"sub":"a"}'.encode("utf-16"),
    "UTF-16 without BOM": '{"sub":"a"}'.encode("utf-16-le"),
    "S-017 10 000 levels": b"[" * 10_000,
    "S-017 10 000 objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "list": b"[]",
    "text": b'"text"',
    "null": b"null",
    "empty": b"",
    "something after": b"{}x",
    "truncated": b'{"a":1',
    "HTML": b"<html>",
    "simple quotes": b"{'a':1}",
    "raw line break": b'{"a":"\n"}',
}


def test_RFC8259_json_that_parsers_read_differently_is_refused(subtests: pytest.Subtests) -> None:
    for row, payload in AMBIGUOUS.items():
        with subtests.test(row), pytest.raises(JoseError):
            jose.parse_json(payload)


def test_RFC8259_json_that_every_parser_reads_alike() -> None:
    text = ' {"é":"\\ud83d\\ude00","n":[1,-2.5,1e3,true,null],"o":{}}'
    expected = {"é": "😀", "n": [1, -2.5, 1000.0, True, None], "o": {}}
    assert jose.parse_json(text) == jose.parse_json(text.encode()) == expected
    assert jose.parse_json(b"\xef\xbb\xbf{}") == {}  # §8.1 lets us ignore a byte order mark
