"""A persona as a link: opened in another sandbox, it proposes the very same person.

The same person means the same slug, identity and identifiers, so that two platforms that share
their keys give each service the same `sub` (`protocol.subject`); with other keys, the `sub` differs
and the person does not.

There is no secret in a link, and no signature. Everything in it is invented and is shown on the
pages; the password is left out, for somebody may have typed one of theirs in a file, and the
persona made from a link gets the sandbox's own. A signature would need a key that every sandbox
has, which proves nothing: what comes in is judged by the rules of any persona, as if typed. The
digest only tells a link that a mail client cut from one that was never good.

Shape: format digit, eight characters of digest, DEFLATE of compact JSON; the last two in base64url.
"""

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from apps.sandbox.personas import blocks
from apps.sandbox.personas.catalogue import PASSWORD

BLOCKS: Final = tuple(name for name in blocks.NAMES if name != "password")
LONGEST: Final = 2000  # characters of the parameter; browsers and proxies let longer addresses pass
_FORMAT: Final = "1"
_DIGEST: Final = 8
_LONGEST_JSON: Final = 16_384  # bytes: a small link must not open into a large document


class BadLink(Exception):
    """A link that gives no persona; the message is for the person who opened it."""


def encode(slug: str, document: Mapping[str, Any]) -> str:
    """Return the parameter of a link that proposes this persona. Raises BadLink when too long."""
    shared = {"slug": slug, **{name: document[name] for name in BLOCKS if name in document}}
    compact = json.dumps(shared, ensure_ascii=False, separators=(",", ":")).encode()
    body = _to_text(zlib.compress(compact, 9))
    text = f"{_FORMAT}{_digest(body)}{body}"
    if len(text) > LONGEST:
        raise BadLink(
            f"Cette persona est trop longue pour un lien ({len(text)} caractères, {LONGEST} au plus)\u202f: "
            "partagez son fichier YAML."
        )
    return text


def link(slug: str, document: Mapping[str, Any]) -> str:
    """Return the address that proposes this persona in this sandbox. Raises BadLink."""
    return f"{settings.SANDBOX_URL}/personas/importer?p={encode(slug, document)}"


def decode(text: str) -> tuple[str, dict[str, Any]]:
    """Return the slug and the document that a link proposes, still to be judged. Raises BadLink."""
    digest, body = text[1 : 1 + _DIGEST], text[1 + _DIGEST :]
    if not text or len(text) > LONGEST or text[0] != _FORMAT or _digest(body) != digest:
        raise BadLink("Ce lien de partage est incomplet ou abîmé\u202f: demandez-le de nouveau.")
    try:
        shared = json.loads(_inflate(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
        json.dumps(shared, ensure_ascii=False).encode()  # a lone surrogate is in no page
    except (ValueError, zlib.error, binascii.Error, RecursionError):
        shared = None
    if not isinstance(shared, dict) or not isinstance(shared.get("slug"), str):
        raise BadLink("Ce lien de partage ne décrit pas une persona.")
    document = {name: shared[name] for name in BLOCKS if name in shared}
    return shared["slug"], {**document, "password": PASSWORD}


def _inflate(compressed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    content = inflater.decompress(compressed, _LONGEST_JSON)
    if not inflater.eof:
        raise ValueError("too long, or cut")
    return content


def _digest(body: str) -> str:
    return _to_text(hashlib.sha256(body.encode()).digest())[:_DIGEST]


def _to_text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
