"""Every encoding under which a value could hide, as bytes to look for.

Three families. A *text* encoding leaves letters that a reader can compare without their case: its
needles are looked for in the lower case of what is searched, so that one needle stands for every
mix of capitals (`%C3%A9` and `%c3%a9` too). A *binary* encoding is compared byte by byte. A *digest*
is the unsalted hash of a spelling: whoever has a list of names can undo it.

Base64 has no fixed writing for a value inside a larger text: it depends on the position of the value
modulo 3 and on its neighbours. What is looked for at each of the three alignments is the invariant
core, the characters that depend on the value alone.

A short word or a row of digits inside a longer one is another word: their needles say which
neighbours rule a match out. Six digits or fewer are not even looked for bare, for a row number or a
fraction of a second would match: only between quotes, or after their claim's name.

Out of reach: compressed (gzip, zlib) and encrypted contents, texts cut by line folding.
"""

import base64
import hashlib
import html
import json
import quopri
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.entities import codepoint2name
from itertools import product
from string import ascii_letters, digits, hexdigits
from typing import Final
from urllib.parse import quote, quote_plus

from apps.backoffice.privacy.canaries import SHORTEST, Persona, searched
from apps.backoffice.privacy.spellings import AS_IS, Spelling, spell
from apps.protocol import pivot

ToBytes = Callable[[str], bytes]

IDENTITY: Final = "identité pivot"
SEPARATORS: Final = ("", " ", "|", ";", ",", "-", ":", "\n")
SHORTEST_CORE: Final = 6  # base64 characters: 36 bits, which chance does not write
SHORT_TEXT: Final = 8  # characters
SHORT_DIGITS: Final = 6
LETTERS_AND_DIGITS: Final = frozenset((ascii_letters + digits).encode())
HEXADECIMAL: Final = frozenset(hexdigits.encode())


@dataclass(frozen=True, slots=True, repr=False)
class Needle:
    """Some bytes whose presence is a leak of a claim; it never prints them.

    ignores_case           the pattern is in lower case, to be looked for in the lower case of a content
    not_after, not_before  bytes that, beside a match, make it a part of something else
    """

    claim: str
    encoding: str
    spelling: str
    pattern: bytes
    ignores_case: bool = False
    not_after: frozenset[int] = frozenset()
    not_before: frozenset[int] = frozenset()

    def stands_alone(self, content: bytes, start: int, end: int) -> bool:
        """Tell whether the match at content[start:end] is no part of something else."""
        if start and content[start - 1] in self.not_after:
            return False
        return end >= len(content) or content[end] not in self.not_before


# --- Text encodings: str → str, looked for as UTF-8 whatever the case ------------------------------


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _entities(text: str) -> str:
    named = (codepoint2name.get(ord(char)) if ord(char) > 127 else None for char in text)
    return "".join(f"&{name};" if name else char for name, char in zip(named, text, strict=True))


def _octal(text: str) -> str:
    return "".join(chr(byte) if byte < 128 else f"\\{byte:03o}" for byte in text.encode())


TEXT_ENCODINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "UTF-8": str,
    "URL": lambda text: quote(text, safe=""),
    "formulaire (+)": quote_plus,
    "URL deux fois": lambda text: quote(quote(text, safe=""), safe=""),
    "URL latin-1": lambda text: quote(text, safe="", encoding="latin-1", errors="replace"),
    "JSON": _json,
    "JSON dans du JSON": lambda text: _json(_json(text)),
    "HTML": lambda text: html.escape(text),
    "HTML, références décimales": lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    "HTML, références hexadécimales": lambda text: "".join(
        char if ord(char) < 128 else f"&#x{ord(char):x};" for char in text
    ),
    "HTML, entités": _entities,
    "échappements Python (octets)": lambda text: repr(text.encode())[2:-1],
    "échappements Python (texte)": lambda text: ascii(text)[1:-1],
    "échappements octaux": _octal,
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode(),
    "quoted-printable d’en-tête": lambda text: quopri.encodestring(
        text.encode(), header=True
    ).decode(),
}

# --- Binary encodings: str → bytes -----------------------------------------------------------------


def _core(raw: bytes, alignment: int, altchars: bytes) -> bytes:
    """Return the base64 characters that depend on raw alone, `alignment` bytes after a multiple of 3.

    The first and last characters that mix bits of a neighbour are left out.
    """
    coded = base64.b64encode(b"\0" * alignment + raw, altchars)
    return coded[(8 * alignment + 5) // 6 : 8 * (alignment + len(raw)) // 6]


def _base64(alignment: int, altchars: bytes, *, of: Callable[[str], str] = str) -> ToBytes:
    return lambda text: _core(of(text).encode(), alignment, altchars)


def _base64_twice(inner: int, outer: int) -> ToBytes:
    return lambda text: _core(_core(text.encode(), inner, b"-_"), outer, b"-_")


ALIGNED: Final = tuple(product({"base64": b"+/", "base64url": b"-_"}.items(), range(3)))
BINARY_ENCODINGS: Final[Mapping[str, ToBytes]] = {
    "latin-1": lambda text: text.encode("latin-1"),
    "UTF-16 (petit-boutiste)": lambda text: text.encode("utf-16-le"),
    "UTF-16 (gros-boutiste)": lambda text: text.encode("utf-16-be"),
    **{f"{name}, alignement {at}": _base64(at, alphabet) for (name, alphabet), at in ALIGNED},
    **{
        f"{name} de JSON, alignement {at}": _base64(at, alphabet, of=_json)
        for (name, alphabet), at in ALIGNED
    },
    **{
        f"base64url deux fois, alignements {inner} et {outer}": _base64_twice(inner, outer)
        for inner, outer in product(range(3), range(3))
    },
}
HEXADECIMALS: Final[Mapping[str, ToBytes]] = {
    "hexadécimal": lambda text: text.encode().hex().encode(),
    "hexadécimal de JSON": lambda text: _json(text).encode().hex().encode(),
    "hexadécimal de latin-1": lambda text: text.encode("latin-1").hex().encode(),
}

# --- Digests ---------------------------------------------------------------------------------------

DIGESTS: Final = ("md5", "sha1", "sha256", "sha512")
DIGEST_WRITINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "octets": bytes,
    "hexadécimal": lambda digest: digest.hex().encode(),
    "base64": lambda digest: base64.b64encode(digest).rstrip(b"="),
    "base64url": lambda digest: base64.urlsafe_b64encode(digest).rstrip(b"="),
}
ENCODINGS: Final = (
    *TEXT_ENCODINGS,
    *BINARY_ENCODINGS,
    *HEXADECIMALS,
    *(f"{name}, {writing}" for name, writing in product(DIGESTS, DIGEST_WRITINGS)),
)
"""The name of every encoding, in the order in which they are tried."""


def families() -> list[str]:
    """Return the names of the encodings on one line: alignments and writings of a digest together."""
    plain = dict.fromkeys(name.partition(", alignement")[0] for name in ENCODINGS)
    coded = [name for name in plain if name.partition(",")[0] not in DIGESTS]
    return [*coded, f"{', '.join(DIGESTS)} sans clé ({', '.join(DIGEST_WRITINGS)})"]


# --- Needles ---------------------------------------------------------------------------------------


def needles_of(personas: Iterable[Persona]) -> list[Needle]:
    """Return the needles of several people, each pattern once."""
    people = tuple(personas)
    found = needles(pair for persona in people for pair in searched(persona))
    return found + [needle for persona in people for needle in identity_needles(persona.values)]


def needles(values: Iterable[tuple[str, str]]) -> list[Needle]:
    """Return the needles of (claim, text) pairs; of two with the same bytes the first is kept."""
    found: dict[tuple[bytes, bool], Needle] = {}
    for claim, text in values:
        for spelling in spell(claim, text):
            for needle in _of_spelling(claim, spelling):
                if len(needle.pattern) >= SHORTEST:
                    found.setdefault((needle.pattern, needle.ignores_case), needle)
    return list(found.values())


def _of_spelling(claim: str, spelling: Spelling) -> Iterator[Needle]:
    name, text = spelling
    apart = _neighbours(text)
    for context in _contexts(claim, text):
        before = apart if context == text else frozenset()
        for encoding, encode in TEXT_ENCODINGS.items():
            pattern = encode(context).encode().lower()
            yield Needle(claim, encoding, name, pattern, True, before, apart)
    for encoding, to_hexadecimal in HEXADECIMALS.items():
        if _fits(encoding, text):
            yield Needle(claim, encoding, name, to_hexadecimal(text), True)
    for encoding, to_bytes in BINARY_ENCODINGS.items():
        if _fits(encoding, text) and len(pattern := to_bytes(text)) >= _shortest(encoding):
            around = apart if encoding == "latin-1" else frozenset()
            yield Needle(claim, encoding, name, pattern, False, around, around)
    yield from _digests(claim, spelling)


def _fits(encoding: str, text: str) -> bool:
    """Tell whether the encoding can hold the text; latin-1 adds nothing to ASCII."""
    if "latin-1" not in encoding:
        return True
    return not text.isascii() and all(ord(char) < 256 for char in text)


def _shortest(encoding: str) -> int:
    return SHORTEST_CORE if encoding.startswith("base64") else SHORTEST


def _neighbours(text: str) -> frozenset[int]:
    """Return what, beside a text, makes it a part of a longer word or number."""
    if text.isdigit():
        return HEXADECIMAL
    return LETTERS_AND_DIGITS if len(text) < SHORT_TEXT else frozenset()


def _contexts(claim: str, text: str) -> tuple[str, ...]:
    """Return the text, or what must precede it when it is too short a number to mean anything."""
    if not text.isdigit() or len(text) > SHORT_DIGITS:
        return (text,)
    return (f'"{text}', f"'{text}", f">{text}", f"{claim}={text}", f"{claim}: {text}")


def _digests(claim: str, spelling: Spelling) -> Iterator[Needle]:
    for name in DIGESTS:
        digest = hashlib.new(name, spelling.text.encode(), usedforsecurity=False).digest()
        for writing, write in DIGEST_WRITINGS.items():
            ignores_case = writing == "hexadécimal"
            yield Needle(claim, f"{name}, {writing}", spelling.name, write(digest), ignores_case)


def identity_needles(values: Mapping[str, Iterable[str]]) -> list[Needle]:
    """Return the digests of the six fields of civil status joined, as a bare identity hash would be.

    The real FranceConnect joins them without a separator; the fields are tried as they were
    received, in capitals, in lower case and in the civil registers' capitals. Empty when a field
    other than birthplace is missing.
    """
    fields = [tuple(values.get(field, ())) or ("",) for field in pivot.PIVOT_FIELDS]
    if any(texts == ("",) for field, texts in zip(pivot.PIVOT_FIELDS, fields, strict=True)
           if field != "birthplace"):  # fmt: skip
        return []
    joined = {
        separator.join(map(change, person))
        for person in product(*fields)
        for separator in SEPARATORS
        for change in (str, str.upper, str.lower, pivot.normalise_name)
    }
    spellings = (Spelling(AS_IS, text) for text in sorted(joined))
    return [needle for spelling in spellings for needle in _digests(IDENTITY, spelling)]
