"""Faults of /token and /userinfo over HTTP: what is missing, unreadable, too large, too slow.

Each is declared once and exists twice: `…-jeton` for /token, `…-identite` for /userinfo.
"""

import functools
import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from apps.sandbox.identity_provider.faults.fault import Fault, HttpAnswer, Outcome, put, without

MEGABYTE: Final = 1_000_000  # bytes
SILENCE: Final = 15.0  # seconds: longer than any broker waits
_TOKEN, _USERINFO = "Y020026", "Y020027"
_Alter = Callable[[HttpAnswer], HttpAnswer]


def status(number: int, **headers: str) -> _Alter:
    """Return an alteration into an answer of this status, without anything in it."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda answer: HttpAnswer(b"", "text/plain", number, sent)


def body(content: bytes, content_type: str = "") -> _Alter:
    """Return an alteration of the body, under the type of the honest answer unless one is given."""
    return lambda answer: HttpAnswer(content, content_type or answer.content_type)


def truncated(answer: HttpAnswer) -> HttpAnswer:
    """Leave out the second half of the body, and say nothing of it."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def repeated_member(answer: HttpAnswer) -> HttpAnswer:
    """Give `sub` and `id_token` twice, with two values (RFC 8259 §4)."""
    return replace(answer, body=b'{"sub":"x","id_token":"x",' + answer.body[1:])


def endless(answer: HttpAnswer) -> HttpAnswer:
    """Send 100 MB."""
    return replace(answer, body=b" " * MEGABYTE, repeated=100)


def bomb(answer: HttpAnswer) -> HttpAnswer:
    """Send 100 kB that become 100 MB."""
    return replace(answer, body=_bomb(), headers={"Content-Encoding": "gzip"})


@functools.cache
def _bomb() -> bytes:
    return gzip.compress(b" " * 100 * MEGABYTE, compresslevel=6)


def silent(answer: HttpAnswer) -> HttpAnswer:
    """Answer too late."""
    return replace(answer, silence=SILENCE)


def dripping(answer: HttpAnswer) -> HttpAnswer:
    """Send one byte a second."""
    return replace(answer, pace=1.0)


_ON_BOTH: Final[tuple[tuple[str, str, str, _Alter], ...]] = (
    ("erreur-500", "erreur 500", "répond par une erreur 500.", status(500)),
    (
        "indisponible",
        "503 avec Retry-After",
        "répond 503 et demande de revenir dans deux minutes.",
        status(503, Retry_After="120"),
    ),
    ("charabia", "octets sans signification", "répond par des octets illisibles.", body(bytes(range(256)))),
    (
        "html",
        "page HTML",
        "répond 200 avec une page HTML.",
        body(b"<!DOCTYPE html><title>Maintenance</title>", "text/html"),
    ),
    ("vide", "corps vide", "répond 200 sans rien dans le corps.", body(b"")),
    ("tronque", "réponse tronquée", "n’envoie que la moitié de sa réponse.", truncated),
    ("tableau", "tableau JSON", "répond par un tableau au lieu d’un objet.", body(b"[]")),
    ("100-mo", "réponse de 100 Mo", "envoie 100 Mo.", endless),
    ("bombe-gzip", "bombe de compression", "envoie 100 ko qui en deviennent mille fois plus.", bomb),
    ("muet", "aucune réponse", "ne répond pas avant quinze secondes.", silent),
    ("au-compte-gouttes", "un octet par seconde", "envoie un octet par seconde.", dripping),
    (
        "boucle",
        "redirection sur soi-même",
        "redirige vers sa propre adresse.",
        lambda answer: replace(answer, status=307, body=b"", headers={"Location": "?"}),
    ),
)  # fmt: skip


def _on_both() -> Iterator[Fault]:
    for slug, label, what, alter in _ON_BOTH:
        yield Fault(f"{slug}-jeton", f"/token\u202f: {label}", f"/token {what}", _TOKEN,
                    alter_token_answer=alter)  # fmt: skip
        yield Fault(f"{slug}-identite", f"/userinfo\u202f: {label}", f"/userinfo {what}", _USERINFO,
                    alter_userinfo_answer=alter)  # fmt: skip


ANSWERS: Final = (
    *_on_both(),
    Fault(
        "double-jeton",
        "/token\u202f: membre en double",
        "/token donne deux fois le même membre, avec deux valeurs.",
        _TOKEN,
        alter_token_answer=repeated_member,
    ),
    Fault(
        "double-identite",
        "/userinfo\u202f: membre en double",
        "/userinfo donne deux fois le même membre, avec deux valeurs.",
        _USERINFO,
        sites=frozenset({"impots"}),
        alter_userinfo_answer=repeated_member,
    ),
    Fault(
        "type-identite",
        "/userinfo\u202f: mauvais Content-Type",
        "/userinfo rend l’identité sous le type text/html.",
        _USERINFO,
        alter_userinfo_answer=lambda answer: replace(answer, content_type="text/html"),
    ),
    Fault(
        "sans-access-token",
        "/token\u202f: access_token absent",
        "/token ne donne pas de quoi lire l’identité.",
        "Y020030",
        alter_token=without("access_token"),
    ),
    Fault(
        "sans-id-token",
        "/token\u202f: id_token absent",
        "/token ne dit pas qui s’est connecté.",
        "Y020030",
        alter_token=without("id_token"),
    ),
    Fault(
        "autre-token-type",
        "/token\u202f: autre token_type",
        "/token donne un jeton d’une sorte que FranceConnect ne sait pas présenter.",
        "Y020030",
        alter_token=put(token_type="mac"),  # noqa: S106 a kind of token
    ),
    Fault(
        "sans-token-type",
        "/token\u202f: token_type absent",
        "/token ne dit pas la sorte de son jeton\u202f: Bearer est supposé.",
        outcome=Outcome.ACCEPTED,
        alter_token=without("token_type"),
    ),
)
