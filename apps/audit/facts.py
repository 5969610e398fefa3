"""The closed vocabulary of the journal: every fact that a line may carry, and its format.

A fact is about the machinery of a sign-in: which service, which identity provider, which level,
which claims *by name*. No fact holds a value of the citizen's identity, and the formats are
narrow on purpose: an e-mail address or a name does not fit where a token or a code is expected.
`sp_name` and `idp_label` are the only free texts, and they come from our own registries.
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

Fact = str | int | bool | UUID


class FactError(ValueError):
    """A line that would not keep its promise: undeclared, missing or malformed fact.

    The message names the event, the fact and the rule, never the value.
    """


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact: its name on the line, what agents read above it, and what it accepts.

    pattern   the whole text of the value must match; None when the type says enough
    """

    name: str
    label: str
    types: tuple[type, ...]
    pattern: re.Pattern[str] | None = None


UID = r"[A-Za-z0-9._:/-]{1,100}"
TOKEN = r"[A-Za-z0-9_-]{1,64}"  # noqa: S105 - a format, not a secret
LABEL = r"[^\x00-\x1f\x7f]{1,500}"
ACR = r"eidas[123]"
NAMES = r"[A-Za-z0-9_.:/-]{1,64}(?: [A-Za-z0-9_.:/-]{1,64}){0,99}"


def _text(name: str, label: str, pattern: str) -> FactSpec:
    return FactSpec(name, label, (str,), re.compile(pattern))


_ROWS: Final = (
    FactSpec("sign_in", "connexion", (UUID,)),
    _text("sp", "identifiant du service (client_id)", UID),
    _text("sp_name", "nom du service", LABEL),
    _text("sp_type", "nature du service", r"public|private"),
    _text("sp_acr", "niveau demandé par le service", ACR),
    _text("idp", "identifiant du fournisseur d’identité", UID),
    _text("idp_label", "nom du fournisseur d’identité", LABEL),
    _text("idp_acr", "niveau délivré par le fournisseur d’identité", ACR),
    FactSpec("idp_ms", "durée des échanges avec le fournisseur d’identité (ms)", (int,)),
    FactSpec("idp_rotated", "nouvelle clé du fournisseur d’identité, trouvée en relisant", (bool,)),
    _text("acr", "niveau de la connexion", ACR),
    FactSpec("is_sso", "session déjà ouverte", (bool,)),
    FactSpec("browsing_session", "session de navigation", (str, UUID), re.compile(TOKEN)),
    FactSpec("account", "compte pseudonyme", (UUID,)),
    _text("claims", "données transmises (noms)", NAMES),
    _text("scope", "périmètres demandés", NAMES),
    _text("code", "code d’erreur", r"Y[0-9A-F]{6,7}"),
    _text("error_id", "référence de la page d’erreur", r"[0-9a-f-]{36}"),
    _text("slug", "nom de l’erreur", r"[A-Za-z0-9_-]{1,100}"),
    _text("ip", "adresse IP", r"[0-9A-Fa-f:.]{2,45}"),
    FactSpec("port", "port source", (int,)),
    _text("actor", "agent", r"[^\x00-\x20\x7f@]{1,150}"),
    _text("ticket", "numéro du dossier de support", r"(?:[A-Za-z]{1,20}-?)?[0-9]{1,20}"),
    _text("object", "objet modifié", r"[a-z_]{1,40}:[A-Za-z0-9._:/-]{1,100}"),
    _text("fields", "champs modifiés (noms)", NAMES),
    _text("kid", "notre nouvelle clé (kid)", TOKEN),
    _text(
        "former_kids",
        "nos clés qu’elle remplace ou remplacera (kid)",
        rf"{TOKEN}(?: {TOKEN}){{0,99}}",
    ),
    _text("outcome", "résultat de l’analyse ou de l’essai", r"conform|warning|blocking"),
    _text("reason", "motif de l’agent (liste fermée)", r"[a-z_]{1,40}"),
)

VOCABULARY: Final = {spec.name: spec for spec in _ROWS}


def parse(name: str, value: Fact) -> Fact:
    """Return the value as the journal keeps it: text as `str`, the rest as it is.

    Raises FactError when it is not what the vocabulary says; the name must be in the vocabulary.
    """
    spec = VOCABULARY[name]
    # By the exact type, for a bool is an int; but the words of a closed set are texts.
    if type(value) not in spec.types and not (isinstance(value, str) and str in spec.types):
        raise FactError(f"fact {name} must be of type {spec.types[0].__name__}")
    if spec.pattern is None:
        return _check_port(value) if name == "port" else value
    if isinstance(value, UUID):
        return str(value)
    if name == "ip":
        return _check_ip(_check_format(spec.pattern, name, str(value)))
    return _check_known_format(spec.pattern, name, str(value))


def _check_format(pattern: re.Pattern[str], name: str, text: str) -> str:
    if not pattern.fullmatch(text):
        raise FactError(f"fact {name} is not in its format")
    return text


# The lines of a sign-in, and those of a service, repeat most texts; addresses are not kept in memory.
_check_known_format = lru_cache(maxsize=1024)(_check_format)


def _check_port(value: Fact) -> Fact:
    if not 0 < int(value) < 65536:
        raise FactError("fact port is not a port number")
    return value


def _check_ip(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise FactError("fact ip is not an IP address") from None
    return text
