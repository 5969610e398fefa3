"""Faults of what an ID token says: for whom, by whom, about whom and when (OIDC Core §2, §3.1.3.7)."""

from collections.abc import Callable
from typing import Final

from apps.sandbox.identity_provider.faults.fault import Fault, Members, put, without

STRANGER: Final = "https://fournisseur-inconnu.example"
_DATES: Final = ("iat", "exp", "auth_time")


def beside_a_stranger(claims: Members) -> Members:
    """Address the token to the broker and to somebody else, without saying which one asked."""
    return {**claims, "aud": [claims["aud"], "un-autre-client"]}


def clock(seconds: int) -> Callable[[Members], Members]:
    """Return an alteration that dates the token by a clock that is so many seconds ahead."""
    return lambda claims: {
        name: value + seconds if name in _DATES and isinstance(value, int) else value
        for name, value in claims.items()
    }


def expired(claims: Members) -> Members:
    """End the token before it reaches anybody: issued two minutes ago, dead for one."""
    return {**clock(-60)(claims), "exp": _instant(claims, "exp") - 120}


def from_the_future(claims: Members) -> Members:
    """Issue the token in one hour; only `iat` lies."""
    return {**claims, "iat": _instant(claims, "iat") + 3600}


def _instant(claims: Members, name: str) -> int:
    value = claims[name]
    return value if isinstance(value, int) else 0


TOKENS: Final = (
    Fault(
        "mauvais-nonce",
        "nonce d’une autre demande",
        "L’ID token répond à une demande que FranceConnect n’a pas faite.",
        "Y029015",
        alter_id_token=put(nonce="0" * 64),
    ),
    Fault(
        "sans-nonce",
        "nonce absent",
        "L’ID token ne dit pas à quelle demande il répond.",
        "Y029015",
        alter_id_token=without("nonce"),
    ),
    Fault(
        "mauvais-aud",
        "aud d’un autre client",
        "L’ID token est adressé à quelqu’un d’autre.",
        "Y029013",
        alter_id_token=put(aud="un-autre-client"),
    ),
    Fault(
        "aud-avec-inconnu",
        "aud partagé avec un inconnu",
        "L’ID token est adressé à FranceConnect et à un inconnu, sans azp.",
        "Y029013",
        alter_id_token=beside_a_stranger,
    ),
    Fault(
        "mauvais-azp",
        "azp d’un autre client",
        "L’ID token dit avoir été demandé par quelqu’un d’autre.",
        "Y029013",
        alter_id_token=put(azp="un-autre-client"),
    ),
    Fault(
        "mauvais-iss",
        "iss d’un autre fournisseur",
        "L’ID token dit venir d’un autre fournisseur d’identité.",
        "Y029012",
        alter_id_token=put(iss=STRANGER),
    ),
    Fault(
        "expire",
        "ID token expiré",
        "L’ID token était déjà expiré quand il a été signé.",
        "Y029014",
        alter_id_token=expired,
    ),
    Fault(
        "iat-futur",
        "iat dans le futur",
        "L’ID token sera émis dans une heure.",
        "Y029014",
        alter_id_token=from_the_future,
    ),
    Fault(
        "sans-iat",
        "iat absent",
        "L’ID token ne dit pas quand il a été émis.",
        "Y029014",
        alter_id_token=without("iat"),
    ),
    Fault(
        "horloge-en-avance",
        "horloge en avance de 10 minutes",
        "Toutes les dates de l’ID token sont en avance de 10 minutes.",
        "Y029014",
        alter_id_token=clock(600),
    ),
    Fault(
        "horloge-en-retard",
        "horloge en retard de 10 minutes",
        "Toutes les dates de l’ID token sont en retard de 10 minutes\u202f: il est donc expiré.",
        "Y029014",
        alter_id_token=clock(-600),
    ),
    Fault(
        "sans-sub",
        "sub absent",
        "L’ID token ne dit pas de qui il parle.",
        "Y029016",
        alter_id_token=without("sub"),
    ),
    Fault(
        "sub-trop-long",
        "sub de 256 caractères",
        "L’identifiant de la personne dépasse les 255 caractères permis.",
        "Y029016",
        alter_id_token=put(sub="s" * 256),
    ),
)
