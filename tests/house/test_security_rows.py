"""What a faulty or malicious identity provider may try: each row of the table names a test that plays it.

S rows are attacks, F rows are failures, R rows are the modules of the OpenID Foundation's plan for
relying parties. A row is covered when the name of a test, or of one of its cases, carries its id.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.tree import sources, tree

ROWS = {
    # The way back to us
    "S-058": "a return opened in a browser that did not leave",
    "S-059": "a return planted in a browser that has a trip of its own",
    "S-060": "a provider that answers in the place of another",
    "S-061": "iss absent although announced, other, or twice",
    "S-062": "a code stolen from one trip and shown in another",
    "S-063": "PKCE and nonce of each trip",
    "S-068": "a return played again",
    "S-071": "a form without our token",
    "S-074": "steps skipped or repeated",
    "S-075": "a hint of a provider that may not serve",
    "S-096": "markup, numbers and addresses in the description of an error",
    "S-097": "an error without state, with a used one, after the end",
    "S-099": "a provider closed while a citizen is there",
    "S-100": "a provider forced though it is not offered",
    # Tokens
    "S-077": "wrong iss, aud, signature, sub or iat",
    "S-078": "no algorithm, in every spelling",
    "S-079": "the public key used as a shared secret",
    "S-080": "a key brought by the token itself",
    "S-081": "a kid that is a path, a query, an address, a list",
    "S-082": "header extensions that we do not know",
    "S-083": "no kid among several keys, keys for another use",
    "S-084": "a nonce that is absent, old or nearly right",
    "S-085": "dates at the edge of what is tolerated, or no dates at all",
    "S-087": "userinfo unsigned, signed by another or for another",
    "S-086": "userinfo of somebody else",
    "S-088": "several audiences, another azp",
    "S-089": "the token of one provider in the trip to another",
    "S-090": "a level lower than asked",
    "S-092": "encryption missing, other than registered, or around an unsigned content",
    "S-093": "a compressed token, or one without end",
    "S-095": "repeated members",
    "S-101": "a sub that is empty, too long, or not the same as before",
    "S-103": "claims that nobody asked for",
    "S-111": "weak or impossible keys and signatures",
    # The wire
    "S-098": "a configuration of another issuer, or one that becomes wrong",
    "S-110": "certificates expired, self-signed, or of another host",
    "S-114": "addresses of our own network, in every writing",
    "S-115": "a name that changes its mind between the judgement and the connection",
    "S-116": "a redirect to elsewhere",
    "S-117": "other schemes than http",
    "S-121": "unknown kids, again and again",
    "S-122": "endless answers where keys, configuration and identity are read",
    "S-123": "proxies and passwords in the environment of the process",
    "F-036": "a provider that cannot be reached",
    "F-037": "a provider that hangs, and the citizens of the others",
    "F-038": "statuses of failure",
    "F-039": "bodies that are not one JSON object",
    "F-040": "redirects where an answer is due",
    "F-041": "endless, compressed and dripping answers",
    "F-042": "keys that cannot be read any more",
    "F-043": "a configuration that cannot be read when we start",
    "F-046": "an identity that does not come after a token that did",
    "F-048": "a clock that is wrong, or jumps",
    # The plan for relying parties
    "R01": "everything is right",
    "R02": "another iss",
    "R03": "no sub",
    "R04": "another aud",
    "R05": "no iat",
    "R06": "no kid, one key",
    "R07": "no kid, several keys",
    "R08": "RS256",
    "R09": "alg none",
    "R10": "a broken signature",
    "R11": "userinfo of another sub",
    "R12": "another nonce",
    "R13": "scopes that bring claims",
    "R14": "client_secret_basic",
    "R15": "addresses found by discovery",
    "R16": "keys whose address changes",
    "R17": "a configuration of another issuer",
    "R18": "alg none, once more",
    "R19": "keys changed just before signing",
    "R20": "keys changed between two sign-ins",
}
ID = re.compile(r"(?<![A-Za-z0-9])(?:([SF])[_-]?([0-9]{3})|(R)([0-9]{2}))(?![0-9A-Za-z])")


def ids_in(text: str) -> Iterator[str]:
    """Yield the ids that a name carries, in one spelling: S_058 and S058 are S-058."""
    for row in ID.finditer(text):
        yield f"{row[1]}-{row[2]}" if row[1] else f"{row[3]}{row[4]}"


def names_in(module: ast.Module) -> Iterator[str]:
    """Yield the names of the tests of a module and those of their cases."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name
        elif isinstance(node, ast.Dict):
            yield from _texts(node.keys)
        elif isinstance(node, ast.keyword) and node.arg in ("id", "ids"):
            yield from _texts(ast.walk(node.value))


def _texts(nodes: Iterable[ast.AST | None]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def covered() -> frozenset[str]:
    others = [p for p in sources() if p.name.startswith("test_") and p != Path(__file__)]
    names = [text for path in others for text in names_in(tree(path))]
    return frozenset(row for text in names for row in ids_in(text))


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_the_name_of_a_test(row: str) -> None:
    assert row in covered(), ROWS[row]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("test_S_058_S_059_a_return", ["S-058", "S-059"]),
        ("R09 R18 S-078 alg none", ["R09", "R18", "S-078"]),
        ("test_R11_S086_the_claims", ["R11", "S-086"]),
        ("F-0411", []),
        ("RS256", []),
    ],
)
def test_an_id_is_found_in_a_name(text: str, rows: list[str]) -> None:
    assert list(ids_in(text)) == rows
