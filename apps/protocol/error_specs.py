"""How an error of the catalogue is made: its fields, and what those of one family share.

The catalogue itself is `apps.protocol.errors`, the only module that declares, and the one to import.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Delivery(StrEnum):
    PAGE = "page"
    REDIRECT = "redirect"
    JSON = "json"


@dataclass(frozen=True)
class ErrorSpec:
    """One failure: its wire values, and what each reader is told."""

    slug: str
    code: str
    error: str
    status: int
    delivery: Delivery
    source: str
    description: str
    title: str
    text: str
    operator: str
    can_choose_another: bool


class ProtocolError(Exception):
    """A sign-in that stops. One place makes a page, a redirect or JSON of it.

    debug   for the log and for developers: the rule and the field, never a value of the citizen
    """

    def __init__(self, spec: ErrorSpec, *, debug: str = "") -> None:
        super().__init__(f"{spec.code} {spec.slug}" + (f": {debug}" if debug else ""))
        self.spec = spec
        self.debug = debug


CATALOGUE: Final[dict[str, ErrorSpec]] = {}

LINK = "Ce lien de connexion n’est pas valide"
LINK_TEXT = (
    "Le service a envoyé une demande incorrecte. Revenez sur le site du service et recommencez."
)
SESSION = "Votre session a expiré"
SESSION_TEXT = "Cette étape n’est plus disponible. Revenez sur le site du service pour vous connecter à nouveau."
ACCOUNT_SITE = "Ce compte ne répond pas correctement"
ACCOUNT_SITE_TEXT = (
    "Le site de ce compte rencontre un problème. Rien n’a été transmis au service. "
    "Vous pouvez réessayer ou choisir un autre compte."
)
DENIED = "user authentication aborted"
TECHNICAL = "authentication aborted due to a technical error on the authorization server"

CIVIL_STATUS = "Nous ne pouvons pas vérifier votre identité"
CIVIL_STATUS_TEXT = (
    "L’état civil ne reconnaît pas les informations de ce compte. "
    "Demandez au site de ce compte de les vérifier, ou choisissez un autre compte."
)
REGISTER_STOPPED = (
    "Le registre de l’état civil n’a pas pu traiter les informations de ce compte. "
    "Rien n’a été transmis au service. Contactez le site de ce compte, ou choisissez-en un autre."
)
REGISTER_DOWN = (
    "Le registre de l’état civil ne répond pas. Rien n’a été transmis au service. "
    "Réessayez dans quelques minutes."
)


def declare(
    slug: str,
    code: str,
    error: str,
    status: int,
    delivery: Delivery,
    source: str,
    description: str,
    operator: str,
    *,
    title: str = LINK,
    text: str = LINK_TEXT,
    can_choose_another: bool = False,
) -> ErrorSpec:
    spec = ErrorSpec(
        slug, code, error, status, delivery, source, description,
        title, text, operator, can_choose_another,
    )  # fmt: skip
    if slug in CATALOGUE or any(other.code == code for other in CATALOGUE.values()):
        raise ValueError(f"declared twice: {slug} {code}")
    CATALOGUE[slug] = spec
    return spec


def redirect(
    slug: str, code: str, error: str, source: str, description: str, operator: str
) -> ErrorSpec:
    return declare(slug, code, error, 400, Delivery.REDIRECT, source, description, operator)


def session(slug: str, code: str, status: int, operator: str) -> ErrorSpec:
    return declare(
        slug, code, "access_denied", status, Delivery.PAGE, "FranceConnect §3.3", DENIED, operator,
        title=SESSION, text=SESSION_TEXT,
    )  # fmt: skip


def idp(
    slug: str, code: str, status: int, source: str, operator: str,
    *, error: str = "server_error", title: str = ACCOUNT_SITE, text: str = ACCOUNT_SITE_TEXT,
) -> ErrorSpec:  # fmt: skip
    return declare(
        slug, code, error, status, Delivery.PAGE, source,
        DENIED if error == "access_denied" else TECHNICAL,
        operator, title=title, text=text, can_choose_another=True,
    )  # fmt: skip


def register(
    slug: str, code: str, status: int, operator: str,
    *, error: str = "access_denied", text: str = CIVIL_STATUS_TEXT, can_choose_another: bool = True,
) -> ErrorSpec:  # fmt: skip
    return declare(
        slug, code, error, status, Delivery.PAGE, "FranceConnect §7.2",
        DENIED if error == "access_denied" else TECHNICAL,
        operator, title=CIVIL_STATUS, text=text, can_choose_another=can_choose_another,
    )  # fmt: skip


def json(
    slug: str, code: str, error: str, status: int, source: str, description: str, operator: str
) -> ErrorSpec:
    return declare(slug, code, error, status, Delivery.JSON, source, description, operator)
