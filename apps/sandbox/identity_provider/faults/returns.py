"""Faults of the redirect that brings the citizen back (RFC 6749 §4.1.2, RFC 9207)."""

from collections.abc import Callable
from typing import Final

from apps.sandbox.identity_provider.faults.fault import Fault, Outcome

_HTML: Final = "<h1>Appelez le 01 99 00 00 00</h1><a href='https://pirate.example'>ici</a>"


def _sent(**values: str) -> Callable[[dict[str, str]], dict[str, str]]:
    """Return an alteration that gives these parameters these values; "" leaves one out."""
    return lambda members: {**members, **values}


def error_with_html(members: dict[str, str]) -> dict[str, str]:
    """Come back with an error whose description is made for the page that would print it."""
    kept = {name: members[name] for name in ("state", "iss")}
    return {"error": "access_denied", "error_description": _HTML, **kept}


RETURNS: Final = (
    Fault(
        "retour-sans-state",
        "retour sans state",
        "La personne revient sans le state de sa demande.",
        "Y020021",
        alter_return=_sent(state=""),
    ),
    Fault(
        "retour-mauvais-state",
        "retour avec un autre state",
        "La personne revient avec le state d’une autre demande.",
        "Y020022",
        alter_return=_sent(state="0" * 64),
    ),
    Fault(
        "retour-sans-code",
        "retour sans code",
        "La personne revient sans code, et sans erreur non plus.",
        "Y020025",
        alter_return=_sent(code=""),
    ),
    Fault(
        "retour-mauvais-iss",
        "retour avec l’iss d’un autre",
        "Le retour dit venir d’un autre fournisseur d’identité.",
        "Y029003",
        alter_return=_sent(iss="https://fournisseur-inconnu.example"),
    ),
    Fault(
        "retour-sans-iss",
        "retour sans iss",
        "Le retour ne dit pas d’où il vient, alors que le site l’a annoncé.",
        "Y029003",
        sites=frozenset({"impots", "ameli"}),
        alter_return=_sent(iss=""),
    ),
    Fault(
        "retour-erreur-html",
        "erreur avec du HTML",
        "La personne revient avec une erreur dont la description contient du HTML.",
        outcome=Outcome.BACK_TO_CHOICE,
        alter_return=error_with_html,
    ),
)
